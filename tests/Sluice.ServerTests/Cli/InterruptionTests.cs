using System.Diagnostics;
using Sluice.Engine.Runs;
using Xunit;

namespace Sluice.ServerTests.Cli;

public sealed class InterruptionTests
{
    [Fact]
    public async Task A_stopped_run_ends_with_130_and_the_same_command_goes_on()
    {
        // Pages enough that one is on its way whenever the signal comes.
        await using var account = await SimulatedAccount.StartAsync("--latency", "100", "--messages", "3000");
        using var tool = account.NewTool();
        using var process = tool.Start("ingest", "--source-table", "messages,customer_relationships", "--debug");
        await ReadUntilAsync(process, "/v1/messages");

        await SignalAsync("TERM", process);
        var stopped = (await Tool.EndAsync(process)).Ended(ExitCode.Cancelled);

        Assert.Contains("run the same command again", stopped.Error, StringComparison.Ordinal);
        Assert.Single(Directory.GetDirectories(tool.PathOf(".sluice/spool")));

        (await tool.RunAsync("ingest", "--source-table", "messages,customer_relationships")).Ended(ExitCode.Done);
        Assert.True(await Database.CountAsync(tool.PathOf("sluice.duckdb"), "SELECT count(*) FROM customerio.messages") > 2500);
        Assert.Equal(0, await Database.CountAsync(
            tool.PathOf("sluice.duckdb"), "SELECT count(*) - count(DISTINCT id) FROM customerio.messages"));
    }

    [Fact]
    public async Task The_simulator_ends_in_good_order()
    {
        using var tool = new Tool();
        using var process = tool.Start("simulate", "--customers", "10");
        Assert.StartsWith("Listening on http://127.0.0.1:", await process.StandardOutput.ReadLineAsync(Tool.Cancel), StringComparison.Ordinal);

        await SignalAsync("INT", process);

        var run = (await Tool.EndAsync(process)).Ended(ExitCode.Done);
        Assert.Contains("sluice ingest --source-uri", run.Out, StringComparison.Ordinal);
        Assert.Equal("", run.Error);
    }

    private static async Task ReadUntilAsync(Process process, string words)
    {
        while (await process.StandardError.ReadLineAsync(Tool.Cancel) is { } line)
        {
            if (line.Contains(words, StringComparison.Ordinal))
            {
                return;
            }
        }

        Assert.Fail($"The tool ended without a word of {words}.");
    }

    private static async Task SignalAsync(string signal, Process process)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        await kill.WaitForExitAsync(Tool.Cancel);
    }
}
