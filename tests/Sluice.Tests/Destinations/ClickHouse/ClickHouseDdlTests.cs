using Sluice.Destinations.ClickHouse;
using Xunit;

namespace Sluice.Tests.Destinations.ClickHouse;

/// <summary>The statements for a cluster, which no test server is.</summary>
public sealed class ClickHouseDdlTests
{
    private static readonly ClickHouseDdl Cluster = new(new ClickHouseVersion("25.8.1.1"), "main `cluster`");
    private static readonly ClickHouseColumn Id = new("id", ClickHouseType.Bigint);
    private static readonly ClickHouseColumn[] Columns = [Id, new("_sluice_row", "UInt64"), new("_sluice_version", "UInt64"), new("_sluice_is_deleted", "UInt8")];

    private static readonly ClickHouseTable Live = new()
    {
        Name = "`db`.`t`",
        Engine = "ReplicatedReplacingMergeTree",
        Created = "ReplicatedReplacingMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}', _sluice_version, _sluice_is_deleted) ORDER BY (id, _sluice_row)",
        Columns = Columns,
        SortingKey = ["id", "_sluice_row"],
    };

    [Fact]
    public void Tables_for_readers_are_made_on_all_nodes_and_replicated() => Assert.Equal(
        "CREATE TABLE `db`.`t` ON CLUSTER `main \\`cluster\\`` (`id` Nullable(Int64), `_sluice_row` UInt64, `_sluice_version` UInt64, `_sluice_is_deleted` UInt8) " +
        "ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}', _sluice_version, _sluice_is_deleted) ORDER BY (`id`, _sluice_row) SETTINGS allow_nullable_key = 1",
        Cluster.CreateRows("`db`.`t`", Columns, [Id]));

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
        Assert.Equal("EXCHANGE TABLES `db`.`n` AND `db`.`t` ON CLUSTER `main \\`cluster\\``", Cluster.Exchange("`db`.`n`", "`db`.`t`", "`db`.`o`", isAtomic: true));
        Assert.Equal("RENAME TABLE `db`.`t` TO `db`.`o`, `db`.`n` TO `db`.`t` ON CLUSTER `main \\`cluster\\``", Cluster.Exchange("`db`.`n`", "`db`.`t`", "`db`.`o`", isAtomic: false));
        Assert.Equal("ALTER TABLE `db`.`t` ON CLUSTER `main \\`cluster\\`` ADD COLUMN IF NOT EXISTS `id` Nullable(Int64)", Cluster.AddColumn("`db`.`t`", Id));
        Assert.Equal("DROP TABLE IF EXISTS `db`.`t` ON CLUSTER `main \\`cluster\\`` SYNC", Cluster.Drop("`db`.`t`"));
        Assert.Equal("CREATE DATABASE IF NOT EXISTS `db` ON CLUSTER `main \\`cluster\\``", Cluster.CreateDatabase("db"));
        Assert.Contains("ReplicatedMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}') ORDER BY at", Cluster.CreateLock("`db`.`l`"), StringComparison.Ordinal);
        Assert.Contains(
            "ON CLUSTER `main \\`cluster\\`` (`id` Nullable(Int64)) ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}', v) ORDER BY (id)",
            Cluster.CreateBook("`db`.`b`", [Id], "id", "v"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void An_old_server_gets_what_it_knows() => Assert.Equal(
        "CREATE TABLE `db`.`t` (`id` Nullable(Int64), `_sluice_row` UInt64) ENGINE = ReplacingMergeTree(_sluice_version) ORDER BY (ifNull(`id`, CAST(0 AS Int64)), _sluice_row)",
        new ClickHouseDdl(new ClickHouseVersion("18.16.1"), null).CreateRows("`db`.`t`", Columns[..2], [Id]));

    [Theory]
    [InlineData("18.16.1", false)]
    [InlineData("22.8.20.11", false)]
    [InlineData("23.3.1.2823", true)]
    [InlineData("26.7.2.1", true)]
    [InlineData("unknown", false)]
    public void A_version_tells_what_a_server_can_do(string text, bool isModern) => Assert.Equal(isModern, new ClickHouseVersion(text).IsModern);
}
