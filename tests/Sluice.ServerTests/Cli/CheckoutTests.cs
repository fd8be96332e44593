using Sluice.Benchmarks.Kill;
using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;
using Xunit;

namespace Sluice.ServerTests.Cli;

/// <summary>The first commands of the README, by the script that everybody begins with, where only the .NET SDK is installed.</summary>
public sealed class CheckoutTests
{
    private static readonly string SdkAlone = Path.Combine(BuiltTool.Root, "build", "with-sdk-alone");

    [Fact]
    public async Task The_script_runs_from_any_folder_and_through_a_link_with_nothing_added_to_stdout()
    {
        using var tool = new Tool();
        File.CreateSymbolicLink(tool.PathOf("linked"), BuiltTool.Script);

        using var process = tool.Start(SdkAlone, [tool.PathOf("linked"), "--version"]);
        var run = (await Tool.EndAsync(process)).Ended(ExitCode.Done);

        Assert.Matches("^[0-9]+\\.[0-9]+\\.[0-9]+\n$", run.Out);
        Assert.Equal("", run.Error);
    }

    [Fact]
    public async Task The_demo_loads_every_table_answers_its_questions_and_can_be_repeated()
    {
        using var tool = new Tool();
        await RunDemoAsync(tool);

        var again = await RunDemoAsync(tool);

        var tables = ResourceCatalog.Default.Resources.Count(resource => resource.Reading != ReadingKind.Export);
        Assert.Contains($"{tables} tables, ", again.Out, StringComparison.Ordinal);
        Assert.Equal(
            tables,
            await Database.CountAsync(
                tool.PathOf("demo.duckdb"),
                "SELECT count(*) FROM duckdb_tables() WHERE schema_name = 'customerio' AND NOT starts_with(table_name, '_')"));
        Assert.Equal(1, await Database.CountAsync(tool.PathOf("demo.duckdb"), "SELECT count(*) FROM customerio._sluice_runs"));
        Assert.Matches("open_rate *click_rate\n[- ]+\nCampaign", again.Out);
        Assert.Contains("enterprise", again.Out, StringComparison.Ordinal);
        Assert.Matches("month +messages +people +emails\n[- ]+\n20[0-9][0-9]-", again.Out);
    }

    private static async Task<ToolResult> RunDemoAsync(Tool tool)
    {
        using var process = tool.Start(SdkAlone, [BuiltTool.Script, "demo", "--customers", "50", "--rps", "0"]);
        return (await Tool.EndAsync(process)).Ended(ExitCode.Done);
    }
}
