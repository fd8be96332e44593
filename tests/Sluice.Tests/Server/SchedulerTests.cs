using Sluice.Server.Runs;
using Sluice.Server.Status;
using Xunit;

namespace Sluice.Tests.Server;

/// <summary>What becomes of due times.</summary>
public sealed class SchedulerTests
{
    private static readonly RunTarget Daily = new("daily", RunKind.Sync);

    [Fact]
    public async Task A_due_time_puts_one_request_into_the_queue_however_often_it_is_looked()
    {
        await using var bench = await ControlBench.OpenAsync("2027-01-01T05:59:30Z");
        bench.Write(("daily", "\"0 6 * * *\""));
        Assert.Equal(new DateTimeOffset(2027, 1, 1, 6, 0, 0, TimeSpan.Zero), await bench.Scheduler.LookAsync(default));
        bench.Time.Advance(TimeSpan.FromSeconds(35));

        await bench.Scheduler.LookAsync(default);
        await bench.Scheduler.LookAsync(default);
        bench.Start();
        await bench.Scheduler.LookAsync(default);

        Assert.Equal(["daily 01-01 06:00 ran"], await bench.LinesAsync());
        Assert.Equal("daily", Assert.Single(await bench.Queue.WaitingAsync(default)).Name);
    }

    [Fact]
    public async Task A_changed_schedule_never_runs_for_the_past()
    {
        await using var bench = await ControlBench.OpenAsync("2027-01-01T05:00:00Z");
        bench.Write(("daily", "\"15 7 * * *\""));
        await bench.Scheduler.LookAsync(default);
        bench.Time.Advance(TimeSpan.FromHours(1.5));
        await bench.Scheduler.LookAsync(default);

        // At half past six, from a quarter past seven to a quarter past six.
        bench.Write(("daily", "\"15 6 * * *\""));
        await bench.Scheduler.LookAsync(default);
        await bench.Scheduler.LookAsync(default);

        Assert.Empty(await bench.LinesAsync());
        var change = Assert.Single(await new Timeline(bench.Control, new RunHistory(bench.Control)).ReadAsync(Daily, null, default));
        Assert.Equal("change", change.Word);
        Assert.Equal("the pipeline: changed the schedule, from 15 7 * * * UTC to 15 6 * * * UTC; it holds from now on", change.Text);
    }

    [Fact]
    public async Task A_schedule_that_was_away_makes_up_for_nothing()
    {
        await using var bench = await ControlBench.OpenAsync("2027-01-01T05:00:00Z");
        bench.Write(("daily", "\"0 6 * * *\""));
        await bench.Scheduler.LookAsync(default);
        bench.Write(("other", "\"0 12 * * *\""));
        await bench.Scheduler.LookAsync(default);
        bench.Time.Advance(TimeSpan.FromHours(3));
        bench.Write(("daily", "\"0 6 * * *\""), ("other", "\"0 12 * * *\""));

        await bench.Scheduler.LookAsync(default);

        Assert.Empty(await bench.LinesAsync());
    }

    [Theory]
    [InlineData("{cron: \"0 * * * *\"}",
        "ran no server was up from 2027-01-01 05:00 UTC to 2027-01-01 08:30 UTC; run at 2027-01-01 08:30 UTC instead", true)]
    [InlineData("{cron: \"0 * * * *\", missed: none}",
        "missed no server was up from 2027-01-01 05:00 UTC to 2027-01-01 08:30 UTC; not made up for (missed: none)", false)]
    [InlineData("{cron: \"0 * * * *\", missed_limit: 20m}",
        "missed no server was up from 2027-01-01 05:00 UTC to 2027-01-01 08:30 UTC; too old to be made up for (missed_limit)", false)]
    public async Task Times_missed_while_no_server_was_up_are_told_and_made_up_for_once_at_most(string schedule, string last, bool runs)
    {
        await using var bench = await ControlBench.OpenAsync("2027-01-01T05:00:00Z");
        bench.Write(("daily", schedule));
        await bench.Scheduler.LookAsync(default);
        bench.Time.Advance(TimeSpan.FromHours(3.5));
        bench.Start();

        await bench.Scheduler.LookAsync(default);

        var lines = await bench.LinesAsync();
        Assert.Equal(3, lines.Count);
        Assert.All(lines.Take(2), line => Assert.Contains(" missed no server was up from 2027-01-01 05:00 UTC", line, StringComparison.Ordinal));
        Assert.Equal($"daily 01-01 08:00 {last}", lines[2]);
        Assert.Equal(runs ? ["catch-up"] : [], (await bench.Queue.WaitingAsync(default)).Select(request => request.Reason));
    }

    [Fact]
    public async Task A_time_that_comes_after_missed_ones_stands_for_them()
    {
        await using var bench = await ControlBench.OpenAsync("2027-01-01T05:00:00Z");
        bench.Write(("daily", "\"0 * * * *\""));
        await bench.Scheduler.LookAsync(default);
        bench.Time.Advance(TimeSpan.FromHours(2).Add(TimeSpan.FromSeconds(10)));
        bench.Start();

        await bench.Scheduler.LookAsync(default);

        Assert.Equal(
            ["daily 01-01 06:00 missed no server was up from 2027-01-01 05:00 UTC to 2027-01-01 07:00 UTC; made up for by the run that was due at "
                + "2027-01-01 07:00 UTC", "daily 01-01 07:00 ran"],
            await bench.LinesAsync());
    }

    [Fact]
    public async Task A_pause_lets_due_times_go_by_and_says_who_paused_and_why()
    {
        await using var bench = await ControlBench.OpenAsync("2027-01-01T05:50:00Z");
        bench.Write(("daily", "\"0 * * * *\""));
        await bench.Scheduler.LookAsync(default);
        await bench.Pauses.BeginAsync(Daily, "ann", "the warehouse moves", default);
        await AdvanceAsync(bench, 30);
        await bench.Pauses.EndAsync(Daily, default);
        await AdvanceAsync(bench, 60);

        Assert.Equal(
            ["daily 01-01 06:00 skipped paused by ann since 2027-01-01 05:50 UTC: the warehouse moves", "daily 01-01 07:00 ran"],
            await bench.LinesAsync());
    }

    [Theory]
    [InlineData("skip", "skipped the run RUN is still at work", 0)]
    [InlineData("queue", "ran waits for the end of the run RUN", 1)]
    public async Task A_due_time_during_a_run_is_skipped_or_queued_as_the_schedule_says(string overlap, string line, int waiting)
    {
        await using var bench = await ControlBench.OpenAsync("2027-01-01T05:59:00Z");
        bench.Write(("daily", $"{{every: 5m, overlap: {overlap}}}"));
        await bench.Scheduler.LookAsync(default);
        await AdvanceAsync(bench, 1);
        var run = Assert.Single(await bench.Runner.BeginAllAsync(default));
        await AdvanceAsync(bench, 5);
        Assert.Empty(await bench.Runner.BeginAllAsync(default));
        await AdvanceAsync(bench, 5);

        var lines = await bench.LinesAsync();
        Assert.Equal($"daily 01-01 06:05 {line.Replace("RUN", run.Order.RunId, StringComparison.Ordinal)}", lines[1]);
        Assert.Equal(waiting, (await bench.Queue.WaitingAsync(default)).Count);
        if (waiting > 0)
        {
            Assert.Equal("daily 01-01 06:10 skipped a run is waiting already, and stands for this one too", lines[2]);
        }

        bench.Executor.End(run.Order.RunId);
        await run.Ended;
        Assert.Equal(waiting, (await bench.Runner.BeginAllAsync(default)).Count);
    }

    [Fact]
    public async Task A_schedule_that_fails_does_not_keep_the_others_from_their_times()
    {
        await using var bench = await ControlBench.OpenAsync("2027-01-01T05:59:00Z");
        bench.Write(("first", "\"0 6 * * *\""), ("second", "\"0 6 * * *\""));
        await bench.Scheduler.LookAsync(default);
        await bench.Control.ExecuteAsync(
            "CREATE TRIGGER broken BEFORE INSERT ON due_times WHEN NEW.name = 'first' BEGIN SELECT RAISE(ABORT, 'broken'); END", null, default);

        await AdvanceAsync(bench, 2);

        Assert.Equal(["second 01-01 06:00 ran"], await bench.LinesAsync());
        Assert.Contains("broken", bench.Scheduler.Problems["first"], StringComparison.Ordinal);
    }

    // Minute by minute, for a longer time without a look is an outage.
    private static async Task AdvanceAsync(ControlBench bench, int minutes)
    {
        for (var minute = 0; minute < minutes * 2; minute++)
        {
            bench.Time.Advance(TimeSpan.FromSeconds(30));
            await bench.Scheduler.LookAsync(default);
        }
    }
}
