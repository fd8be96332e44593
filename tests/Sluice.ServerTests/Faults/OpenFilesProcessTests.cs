using Sluice.Benchmarks.Kill;
using Sluice.Engine.Runs;
using Sluice.ServerTests.Cli;
using Xunit;

namespace Sluice.ServerTests.Faults;

/// <summary>The tool where the system allows few open files.</summary>
public sealed class OpenFilesProcessTests
{
    [Theory]
    [InlineData(64)]
    [InlineData(128)]
    public async Task Too_few_open_files_end_with_2_and_the_command_that_allows_more(int files)
    {
        using var tool = new Tool();

        var run = (await RunAsync(tool, files, "tables")).Ended(ExitCode.Config);

        Assert.Equal(
            $"error: This process may have {files} files open, which is too few to run.\n  Allow more, as with 'ulimit -n 1024'.\n", run.Error);
    }

    [Fact]
    [Trait("length", "long")]
    public async Task With_256_of_them_all_tables_are_read()
    {
        await using var account = await SimulatedAccount.StartAsync();
        using var tool = account.NewTool();

        (await RunAsync(tool, 256, "ingest", "--source-table", "all")).Ended(ExitCode.Done);

        Assert.Equal(12, await Database.CountAsync(tool.PathOf("sluice.duckdb"), "SELECT count(*) FROM customerio.campaigns"));
    }

    private static async Task<ToolResult> RunAsync(Tool tool, int files, params string[] arguments)
    {
        using var process = tool.Start("sh", ["-c", $"ulimit -n {files} && exec \"$0\" \"$@\"", BuiltTool.Program, .. arguments]);
        return await Tool.EndAsync(process);
    }
}
