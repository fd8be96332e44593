using Sluice.Tests.Repository;
using Xunit;

namespace Sluice.Tests.Cli;

public sealed class HelpTests
{
    [Theory]
    [InlineData("")]
    [InlineData("ingest")]
    [InlineData("init")]
    [InlineData("validate")]
    [InlineData("run")]
    [InlineData("check")]
    [InlineData("tables")]
    [InlineData("models")]
    [InlineData("dbt init")]
    [InlineData("ddl")]
    [InlineData("query")]
    [InlineData("shell")]
    [InlineData("import")]
    [InlineData("push")]
    [InlineData("writes")]
    [InlineData("backup")]
    [InlineData("restore")]
    [InlineData("serve")]
    [InlineData("webhooks")]
    [InlineData("simulate")]
    [InlineData("demo")]
    public async Task The_help_is_as_it_was(string command)
    {
        var run = await new ToolHarness().RunAsync(command.Length == 0 ? ["--help"] : [.. command.Split(' '), "--help"]);

        Assert.Equal((0, ""), (run.Code, run.Error));
        Snapshot.Matches($"tests/Sluice.Tests/Cli/Snapshots/help-{(command.Length == 0 ? "sluice" : command.Replace(' ', '-'))}.snap", run.Out);
    }

    [Fact]
    public async Task The_list_of_tables_is_as_it_was() =>
        Snapshot.Matches("tests/Sluice.Tests/Cli/Snapshots/tables.snap", (await new ToolHarness().RunAsync("tables")).Out);

    [Fact]
    public async Task One_table_is_described_with_columns_and_notes()
    {
        var run = await new ToolHarness().RunAsync("tables", "campaign_metrics:days");

        Snapshot.Matches("tests/Sluice.Tests/Cli/Snapshots/tables-campaign_metrics.snap", run.Out);
    }
}
