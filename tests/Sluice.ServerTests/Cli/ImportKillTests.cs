using System.Text.Json;
using Sluice.Engine.Runs;
using Xunit;

namespace Sluice.ServerTests.Cli;

/// <summary>An import whose process is killed.</summary>
public sealed class ImportKillTests
{
    private const int Rows = 3000;

    [Fact]
    public async Task Killed_while_requests_are_on_their_way_the_same_command_sends_the_rest_and_repeats_nothing_that_may_be_done()
    {
        await using var account = await SimulatedAccount.StartAsync(options => options with { Faults = ["slow-body:2s#3/api/v2/batch"] });
        using var tool = account.NewTool();
        tool.Environment["CUSTOMERIO_SITE_ID"] = "sim-site";
        tool.Environment["CUSTOMERIO_TRACK_API_KEY"] = "sim-track-key";
        tool.Environment["CUSTOMERIO_TRACK_BASE_URL"] = account.Address;
        var padding = new string('x', 900);
        File.WriteAllLines(
            tool.PathOf("e.csv"), Enumerable.Range(0, Rows).Select(n => $"u{n % 50},e{n},{padding}").Prepend("id,n,text"));
        string[] import = ["import", "e.csv", "--into", "events", "--set", "name=bought"];

        using (var process = tool.Start(import))
        {
            while (!Directory.Exists(tool.PathOf(".sluice/writes")) || Sent(tool) < 3)
            {
                await Task.Delay(10, Tool.Cancel);
            }

            await StoppableRuns.SignalAsync("KILL", process);
            await process.WaitForExitAsync(Tool.Cancel);
        }

        var second = (await tool.RunAsync([.. import, "--json"])).Ended(ExitCode.Partial);

        Assert.Contains("may or may not have arrived, and are not sent again: rows ", second.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(tool.PathOf(".sluice/writes"), "read-*"));
        var counted = await tool.RunAsync(
            "query", "SELECT count(*), count(DISTINCT data->>'n') FROM activities WHERE data->>'n' LIKE 'e%'", "--format", "csv",
            "--source-uri", account.SourceUri);
        var counts = counted.Ended(ExitCode.Done).Out.Split('\n')[1].Split(',').Select(int.Parse).ToList();
        using var report = JsonDocument.Parse(second.Out);
        var (taken, unknown) = (report.RootElement.GetProperty("taken").GetInt32(), report.RootElement.GetProperty("unknown").GetInt32());
        Assert.Equal(Rows, taken + unknown);
        Assert.Equal(counts[0], counts[1]);
        Assert.InRange(counts[0], taken, Rows);
        Assert.Contains("unknown", (await tool.RunAsync("writes", "list")).Ended(ExitCode.Done).Out, StringComparison.Ordinal);
    }

    private static int Sent(Tool tool) => Directory
        .EnumerateFiles(tool.PathOf(".sluice/writes"), "*.ndjson")
        .Sum(file => File.ReadAllText(file).Split("\"sent\"").Length - 1);
}
