using Sluice.Destinations.Warehouses;
using Sluice.Tests.Cli;
using Sluice.Tests.Repository;
using Xunit;

namespace Sluice.Tests.Ddl;

public sealed class DdlSnapshotTests
{
    public static TheoryData<string> Dialects() => [.. WarehouseDialects.Names];

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task The_statements_of_all_tables_are_as_they_were(string dialect)
    {
        var run = await new ToolBench().RunAsync("ddl", "--dialect", dialect);

        Assert.Equal((0, ""), (run.Code, run.Error));
        Snapshot.Matches($"tests/Sluice.Tests/Ddl/Snapshots/{dialect}.snap", run.Out);
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task Nothing_but_statements_and_comments_is_printed(string dialect)
    {
        var run = await new ToolBench().RunAsync("ddl", "--dialect", dialect, "all");

        var statements = string.Join('\n', run.Out.Split('\n').Where(line => !line.StartsWith("--", StringComparison.Ordinal))).Split(";\n");
        Assert.Equal("", statements[^1].Trim());
        Assert.All(statements.SkipLast(1), statement => Assert.Matches(
            "^(ALTER SESSION|BEGIN|CALL|COMMIT|COPY|CREATE|DELETE FROM|DROP TABLE|EXCHANGE TABLES|INSERT INTO|MSCK|REFRESH)", statement.TrimStart()));
    }
}
