using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;
using Sluice.Simulator;
using Sluice.Tests.Runs;
using Xunit;

namespace Sluice.Tests.Faults;

/// <summary>Clocks that go backwards: no window of negative length, no row lost.</summary>
public sealed class ClockFaultTests
{
    [Theory]
    [InlineData("late-date:2h#2,#3,#5,#8")]
    [InlineData("late-date:400d#2,#3,#5,#8")]
    [InlineData("late-date:2h@0.5/v1/m*")]
    public async Task A_server_clock_that_jumps_back_between_two_requests_loses_nothing(string fault)
    {
        await using var faults = await FaultHarness.StartAsync(fault);
        var asked = Windows(faults);
        faults.AssertDone(await faults.IngestAsync("messages", "campaigns", "activities"), "messages", "campaigns", "activities");
        Assert.True(asked.Count > 5);
        Assert.All(asked, window => Assert.True(window.Start <= window.End, $"start_ts {window.Start} is after end_ts {window.End}"));
    }

    [Fact]
    public async Task A_server_clock_that_jumps_back_between_two_runs_loses_nothing()
    {
        await using var faults = await FaultHarness.StartAsync();
        var asked = Windows(faults);
        faults.AssertDone(await faults.IngestAsync("messages", "campaigns"), "messages", "campaigns");
        await faults.SetAsync("late-date:3d");
        faults.AssertDone(await faults.IngestAsync("messages", "campaigns"), "messages", "campaigns");
        await faults.SetAsync();
        faults.AssertDone(await faults.IngestAsync("messages", "campaigns"), "messages", "campaigns");
        Assert.All(asked, window => Assert.True(window.Start <= window.End));
    }

    [Fact]
    public async Task A_key_that_may_not_list_workspaces_still_learns_the_servers_time_from_the_refusal()
    {
        var now = new DateTimeOffset(2025, 5, 4, 10, 0, 0, TimeSpan.Zero);
        await using var bench = await IngestHarness.StartAsync(
            new SimulatorOptions { Customers = 40, RequestsPerSecond = 0, Now = now, FreezeClock = true, Faults = ["403/v1/workspaces"] });
        var report = await bench.IngestAsync("messages");
        Assert.Equal((ExitCode.Done, now), (report.ExitCode, report.Tables[0].Until));
    }

    [Fact]
    public async Task A_run_that_is_resumed_when_the_clock_has_gone_back_keeps_its_windows()
    {
        await using var faults = await FaultHarness.StartAsync();
        await faults.SetAsync([.. Enumerable.Range(3, 600).Select(number => $"500#{number}/v1/messages*")]);
        Assert.Equal(ExitCode.Api, (await faults.IngestAsync("messages")).ExitCode);
        Assert.False(faults.HasTable("messages"));
        await faults.SetAsync("late-date:6h");
        var rest = await faults.IngestAsync("messages");
        faults.AssertDone(rest, "messages");
        Assert.True(rest.Tables[0].Resumed);
    }

    [Fact]
    public async Task An_interval_that_begins_after_the_servers_now_asks_for_no_negative_window()
    {
        await using var faults = await FaultHarness.StartAsync("late-date:30d");
        var asked = Windows(faults);
        var start = Newest(faults).AddDays(-5);
        var request = faults
            .Bench.Request(IngestHarness.Jobs("messages"))
            .WithSettings(settings => settings with { Interval = new Interval(start, start.AddDays(5)) });
        var report = await faults.IngestAsync(request);
        Assert.Equal(ExitCode.Done, report.ExitCode);
        Assert.All(asked, window => Assert.True(window.Start <= window.End));
        var expected = faults.World.Rows("messages").Count(row => row.GetProperty("created").GetInt64() >= start.ToUnixTimeSeconds());
        Assert.True(expected > 0);
        Assert.InRange(report.Tables[0].Rows, expected, expected + 5);
    }

    private static List<(long Start, long End)> Windows(FaultHarness faults)
    {
        var asked = new List<(long, long)>();
        faults.BeforeRequest = request =>
        {
            var query = System.Web.HttpUtility.ParseQueryString(request.RequestUri!.Query);
            if (query["start_ts"] is { } start)
            {
                lock (asked)
                {
                    asked.Add((Number(start), Number(query["end_ts"]!)));
                }
            }

            return Task.CompletedTask;
        };
        return asked;
    }

    private static long Number(string text) => long.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static DateTimeOffset Newest(FaultHarness faults) =>
        DateTimeOffset.FromUnixTimeSeconds(faults.World.Rows("messages").Max(row => row.GetProperty("created").GetInt64()) + 1);
}
