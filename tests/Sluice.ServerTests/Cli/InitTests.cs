using Sluice.Engine.Runs;
using Xunit;

namespace Sluice.ServerTests.Cli;

public sealed class InitTests
{
    [Fact]
    public async Task What_init_writes_is_good_and_runs()
    {
        await using var account = await SimulatedAccount.StartAsync();
        using var tool = account.NewTool();

        (await tool.RunAsync("init", "--tables", "campaigns,customers")).Ended(ExitCode.Done);
        var validated = (await tool.RunAsync("validate")).Ended(ExitCode.Done);
        (await tool.RunAsync("run")).Ended(ExitCode.Done);

        Assert.Contains("ok  daily: main -> warehouse, 2 tables", validated.Out, StringComparison.Ordinal);
        Assert.Equal(60, await Database.CountAsync(tool.PathOf("customerio.duckdb"), "SELECT count(*) FROM customerio.customerio.customers"));
        Assert.DoesNotContain("sim-app-key", await File.ReadAllTextAsync(tool.PathOf("sluice.yaml"), Tool.Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_terminal_nothing_is_asked()
    {
        using var tool = new Tool();

        var run = (await tool.RunAsync("init")).Ended(ExitCode.Done);

        Assert.Equal("", run.Error);
        Assert.Equal(
            ["sluice.schema.json", "sluice.yaml"],
            Directory.EnumerateFileSystemEntries(tool.Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        (await tool.RunAsync("init")).Ended(ExitCode.Config);
        (await tool.RunAsync("init", "--force")).Ended(ExitCode.Done);
    }
}
