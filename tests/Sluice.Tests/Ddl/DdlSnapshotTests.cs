using Sluice.Destinations.Warehouses;
using Sluice.Engine.Catalog;
using Sluice.Tests.Cli;
using Sluice.Tests.Repository;
using Xunit;

namespace Sluice.Tests.Ddl;

/// <summary>
/// How each dialect writes one table that has all that a table can have; which columns and types the tables of the catalog get is looked at
/// elsewhere.
/// </summary>
public sealed class DdlSnapshotTests
{
    private static readonly LakeTable Things = new()
    {
        Name = "things",
        Doc = "One row for each thing, with a column of every type and a name that is a word of SQL.",
        PrimaryKey = ["id", "order"],
        Columns =
        [
            new LakeColumn("id", ColumnType.Bigint),
            new LakeColumn("order", ColumnType.Text),
            new LakeColumn("share", ColumnType.Double),
            new LakeColumn("is_open", ColumnType.Boolean),
            new LakeColumn("created_at", ColumnType.UnixTime),
            new LakeColumn("period_start", ColumnType.Timestamp),
            new LakeColumn("data", ColumnType.Json),
            new LakeColumn("_sluice_loaded_at", ColumnType.Timestamp),
            new LakeColumn("_sluice_run_id", ColumnType.Text),
            new LakeColumn("_sluice_deleted_at", ColumnType.Timestamp),
        ],
    };

    public static TheoryData<string> Dialects() => [.. WarehouseDialects.Names];

    [Theory]
    [MemberData(nameof(Dialects))]
    public void The_statements_of_a_table_are_as_they_were(string dialect)
    {
        LakeTable[] tables = [Things, LakeFolders.Read(["created_at:month"]).ApplyTo(Things) with { Name = "divided_things", PrimaryKey = [] }];

        var script = WarehouseDialects.Write(dialect, new DdlRequest { Schema = "customerio", Location = LakeAddress.Placeholder, Tables = tables });

        Assert.Equal(Enum.GetValues<ColumnType>(), Things.Columns.Select(column => column.Type).Distinct().Order());
        Snapshot.Matches($"tests/Sluice.Tests/Ddl/Snapshots/{dialect}.snap", script);
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task Nothing_but_statements_and_comments_is_printed(string dialect)
    {
        var run = await new ToolHarness().RunAsync("ddl", "--dialect", dialect, "all");

        var statements = string.Join('\n', run.Out.Split('\n').Where(line => !line.StartsWith("--", StringComparison.Ordinal))).Split(";\n");
        Assert.Equal("", statements[^1].Trim());
        Assert.All(statements.SkipLast(1), statement => Assert.Matches(
            "^(ALTER SESSION|BEGIN|CALL|COMMIT|COPY|CREATE|DELETE FROM|DROP TABLE|EXCHANGE TABLES|INSERT INTO|MSCK|REFRESH)", statement.TrimStart()));
    }
}
