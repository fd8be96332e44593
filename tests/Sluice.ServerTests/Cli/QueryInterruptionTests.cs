using System.Diagnostics;
using Sluice.Engine.Runs;
using Xunit;

namespace Sluice.ServerTests.Cli;

public sealed class QueryInterruptionTests
{
    private static readonly string[] Count = ["query", "SELECT count(*) AS n FROM messages"];

    [Theory]
    [InlineData("INT", true)]
    [InlineData("INT", false)]
    [InlineData("TERM", false)]
    public async Task A_stopped_query_ends_within_seconds_and_leaves_no_rows_and_no_files(string signal, bool hangs)
    {
        await using var runs = await StoppableRuns.StartAsync(latency: 300);
        if (hangs)
        {
            await runs.Account.SetFaultsAsync(["hang/v1/messages"], Tool.Cancel);
        }

        var temporary = Directory.CreateDirectory(runs.Tool.PathOf("tmp")).FullName;
        runs.Tool.Environment["TMPDIR"] = temporary;
        using var process = runs.Tool.Start("query", "SELECT * FROM messages", "--format", "json");
        await runs.AnsweredAsync(hangs ? 1 : 4);

        var asked = Stopwatch.StartNew();
        await StoppableRuns.SignalAsync(signal, process);
        var stopped = (await Tool.EndAsync(process)).Ended(ExitCode.Cancelled);

        Assert.InRange(asked.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.Equal("", stopped.Out);
        Assert.Empty(Directory.GetFileSystemEntries(temporary, "sluice-query-*"));
        await runs.Account.SetFaultsAsync([], Tool.Cancel);
        var again = (await runs.Tool.RunAsync(Count)).Ended(ExitCode.Done);
        using var other = runs.NewTool();
        Assert.Equal((await other.RunAsync(Count)).Ended(ExitCode.Done).Out, again.Out);
    }
}
