using Sluice.Destinations.ClickHouse;
using Sluice.Engine;
using Sluice.Engine.Load;
using Xunit;

namespace Sluice.Tests.Destinations.ClickHouse;

/// <summary>The statements for a cluster, which no test server is.</summary>
public sealed class ClickHouseDdlTests
{
    private static readonly ClickHouseDdl Cluster = new("main `cluster`");
    private static readonly ClickHouseAddress Address = ClickHouseAddress.Parse("clickhouse://u:secret@host/db");
    private static readonly ClickHouseColumn Id = new("id", ClickHouseType.Bigint);
    private static readonly ClickHouseColumn[] Columns =
    [
        Id,
        new("_sluice_row", "UInt64"),
        new("_sluice_version", "UInt64"),
        new("_sluice_is_deleted", "UInt8"),
    ];

    private static readonly ClickHouseTable Live = new()
    {
        Name = "`db`.`t`",
        Engine = "ReplicatedReplacingMergeTree",
        Columns = Columns,
        SortingKey = ["id", "_sluice_row"],
    };

    [Fact]
    public void Tables_for_readers_are_made_on_all_nodes_and_replicated() =>
        Assert.Equal(
            "CREATE TABLE `db`.`t` ON CLUSTER `main \\`cluster\\`` (`id` Nullable(Int64), `_sluice_row` UInt64, `_sluice_version` UInt64, " +
                "`_sluice_is_deleted` UInt8) "
                + "ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}', _sluice_version, _sluice_is_deleted) " +
                    "ORDER BY (`id`, _sluice_row) SETTINGS allow_nullable_key = 1",
            Cluster.CreateRows("`db`.`t`", Columns, [Id], TableDocs.None));

    [Fact]
    public void Comments_are_quoted_and_stand_where_the_table_is_made_and_where_it_is_changed()
    {
        var docs = new TableDocs("It's a table.", new Dictionary<string, string> { ["id"] = @"Back\slash" });
        var made = Cluster.CreateRows("`db`.`t`", Columns, [Id], docs);
        Assert.Contains(@"(`id` Nullable(Int64) COMMENT 'Back\\slash', `_sluice_row`", made, StringComparison.Ordinal);
        Assert.EndsWith(@"SETTINGS allow_nullable_key = 1 COMMENT 'It\'s a table.'", made, StringComparison.Ordinal);
        Assert.Equal(
            @"ALTER TABLE `db`.`t` ON CLUSTER `main \`cluster\`` MODIFY COMMENT 'It\'s a table.', COMMENT COLUMN `id` 'Back\\slash'",
            Cluster.AddComments("`db`.`t`", docs));
    }

    [Fact]
    public void Rows_on_their_way_stay_on_one_node()
    {
        Assert.DoesNotContain("CLUSTER", ClickHouseDdl.CreateHeap("`db`.`s`", Columns), StringComparison.Ordinal);
        Assert.Equal(
            "CREATE TABLE `db`.`d` (`id` Nullable(Int64), `_sluice_row` UInt64, `_sluice_version` UInt64, `_sluice_is_deleted` UInt8) " +
            "ENGINE = ReplacingMergeTree(_sluice_version, _sluice_is_deleted) ORDER BY (`id`, `_sluice_row`) SETTINGS allow_nullable_key = 1",
            Cluster.CreateDelta("`db`.`d`", Live));
    }

    [Fact]
    public void All_nodes_are_told_what_readers_see()
    {
        Assert.Equal("EXCHANGE TABLES `db`.`n` AND `db`.`t` ON CLUSTER `main \\`cluster\\``", Cluster.Exchange("`db`.`n`", "`db`.`t`"));
        Assert.Equal(
            "ALTER TABLE `db`.`t` ON CLUSTER `main \\`cluster\\`` ADD COLUMN IF NOT EXISTS `id` Nullable(Int64)", Cluster.AddColumn("`db`.`t`", Id));
        Assert.Equal("DROP TABLE IF EXISTS `db`.`t` ON CLUSTER `main \\`cluster\\`` SYNC", Cluster.Drop("`db`.`t`"));
        Assert.Equal("CREATE DATABASE IF NOT EXISTS `db` ON CLUSTER `main \\`cluster\\``", Cluster.CreateDatabase("db"));
        Assert.Contains(
            "ReplicatedMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}') ORDER BY at COMMENT 'it\\'s me'",
            Cluster.CreateLock("`db`.`l`", "it's me"),
            StringComparison.Ordinal);
        Assert.Contains(
            "ON CLUSTER `main \\`cluster\\`` (`id` Nullable(Int64)) ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{uuid}/{shard}', " +
                "'{replica}', v) ORDER BY (id)",
            Cluster.CreateSystemTable("`db`.`b`", [Id], "id", "v"),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("18.16.1")]
    [InlineData("22.8.20.11")]
    [InlineData("23.2.1.1")]
    [InlineData("unknown")]
    public void A_server_that_is_too_old_is_told_its_version_and_the_one_that_is_needed(string version)
    {
        var error = Assert.Throws<SluiceException>(() => ClickHouseServer.RequireSupported(version, Address));
        Assert.Equal(SluiceErrorKind.Destination, error.Kind);
        Assert.Equal($"The ClickHouse server at clickhouse://u@host:8123/db has version {version}; Sluice needs 23.3 or newer.", error.Message);
    }

    [Theory]
    [InlineData("23.3.1.2823")]
    [InlineData("26.7.2.1")]
    public void A_server_of_today_is_taken(string version) => ClickHouseServer.RequireSupported(version, Address);
}
