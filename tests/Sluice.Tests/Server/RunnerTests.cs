using Sluice.Engine.Runs;
using Sluice.Server.Runs;
using Xunit;

namespace Sluice.Tests.Server;

/// <summary>What becomes of requests and runs.</summary>
public sealed class RunnerTests
{
    private static readonly RunTarget Daily = new("daily", RunKind.Sync);

    [Theory]
    [InlineData(ExitCode.Done, "done")]
    [InlineData(ExitCode.Partial, "partial")]
    [InlineData(ExitCode.Auth, "failed")]
    [InlineData(ExitCode.Unexpected, "failed")]
    public async Task A_run_ends_as_its_exit_code_says(int exitCode, string state)
    {
        await using var bench = await ControlBench.OpenAsync("2027-01-01T06:00:00Z");
        var run = await BeginAsync(bench);

        bench.Executor.End(run.Order.RunId, exitCode);
        await run.Ended;

        var row = Assert.Single(await RunsAsync(bench));
        Assert.Equal((state, exitCode, 7, $"Ended with {exitCode}."), (row.State, (int)row.ExitCode!, row.TableRows, row.Summary));
        Assert.Empty(await bench.Queue.WaitingAsync(default));
    }

    [Fact]
    public async Task Who_asks_twice_for_the_same_waits_for_one_run()
    {
        await using var bench = await ControlBench.OpenAsync("2027-01-01T06:00:00Z");

        var first = await bench.Queue.AskAsync(Daily, RunReason.Manual, "ann", RunChoices.None, default);
        var second = await bench.Queue.AskAsync(Daily, RunReason.Api, "bob", RunChoices.None, default);
        var other = await bench.Queue.AskAsync(Daily, RunReason.Api, "bob", new RunChoices { FullRefresh = true }, default);

        Assert.Equal(first, second);
        Assert.NotEqual(first, other);
    }

    [Fact]
    public async Task Two_runs_that_need_the_same_follow_each_other()
    {
        await using var bench = await ControlBench.OpenAsync("2027-01-01T06:00:00Z");
        bench.Executor.Lease = _ => "pair:x";
        await bench.Queue.AskAsync(Daily, RunReason.Manual, "ann", RunChoices.None, default);
        await bench.Queue.AskAsync(new RunTarget("other", RunKind.Sync), RunReason.Manual, "ann", RunChoices.None, default);

        var first = Assert.Single(await bench.Runner.BeginAllAsync(default));
        Assert.Empty(await bench.Runner.BeginAllAsync(default));
        bench.Executor.End(first.Order.RunId);
        await first.Ended;
        var second = Assert.Single(await bench.Runner.BeginAllAsync(default));

        Assert.Equal((1, 2), (first.Order.Epoch, second.Order.Epoch));
    }

    [Fact]
    public async Task A_cancel_stops_the_run_and_drops_what_was_asked_before_it()
    {
        await using var bench = await ControlBench.OpenAsync("2027-01-01T06:00:00Z");
        var run = await BeginAsync(bench);
        await bench.Queue.AskAsync(Daily, RunReason.Manual, "ann", new RunChoices { FullRefresh = true }, default);
        bench.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.True(await bench.Queue.CancelAsync(run.Order.RunId, "bob", default));
        await EndsAsync(bench, run);

        var row = Assert.Single(await RunsAsync(bench));
        Assert.Equal(("stopped", "bob"), (row.State, row.CancelAskedBy));
        Assert.Empty(await bench.Queue.WaitingAsync(default));
        Assert.Empty(await bench.Runner.BeginAllAsync(default));
        Assert.False(await bench.Queue.CancelAsync(run.Order.RunId, "bob", default));
    }

    [Fact]
    public async Task A_failure_that_may_pass_is_tried_again_after_one_five_and_twenty_five_minutes()
    {
        await using var bench = await ControlBench.OpenAsync("2027-01-01T06:00:00Z");
        await bench.Queue.AskAsync(Daily, RunReason.Manual, "ann", RunChoices.None, default);
        foreach (var minutes in new[] { 1, 5, 25 })
        {
            var run = Assert.Single(await bench.Runner.BeginAllAsync(default));
            bench.Executor.End(run.Order.RunId, ExitCode.Api);
            await run.Ended;
            bench.Time.Advance(TimeSpan.FromMinutes(minutes) - TimeSpan.FromSeconds(1));
            Assert.Empty(await bench.Runner.BeginAllAsync(default));
            bench.Time.Advance(TimeSpan.FromSeconds(1));
        }

        var last = Assert.Single(await bench.Runner.BeginAllAsync(default));
        bench.Executor.End(last.Order.RunId, ExitCode.Api);
        await last.Ended;

        Assert.Empty(await bench.Queue.WaitingAsync(default));
        Assert.Equal([1, 2, 3, 4], (await RunsAsync(bench)).Select(row => (int)row.Attempt));
    }

    [Fact]
    public async Task Who_asks_now_does_not_wait_for_the_next_attempt()
    {
        await using var bench = await ControlBench.OpenAsync("2027-01-01T06:00:00Z");
        var run = await BeginAsync(bench);
        bench.Executor.End(run.Order.RunId, ExitCode.Destination);
        await run.Ended;
        Assert.Empty(await bench.Runner.BeginAllAsync(default));

        await bench.Queue.AskAsync(Daily, RunReason.Manual, "ann", RunChoices.None, default);

        Assert.Single(await bench.Runner.BeginAllAsync(default));
    }

    [Fact]
    public async Task A_server_that_is_stopped_interrupts_its_runs_which_go_on_at_the_next_start()
    {
        await using var bench = await ControlBench.OpenAsync("2027-01-01T06:00:00Z");
        using var stopping = new CancellationTokenSource();
        await bench.Queue.AskAsync(Daily, RunReason.Manual, "ann", RunChoices.None, default);
        var run = Assert.Single(await bench.Runner.BeginAllAsync(stopping.Token));

        await stopping.CancelAsync();
        await run.Ended;
        bench.Time.Advance(TimeSpan.FromSeconds(1));
        bench.Start();
        var again = Assert.Single(await bench.Runner.BeginAllAsync(default));

        Assert.Equal((RunReason.Resume, 1), (again.Order.Request.Reason, again.Order.Request.Attempt));
        Assert.Equal(["interrupted", "running"], (await RunsAsync(bench)).Select(row => row.State));
    }

    [Fact]
    public async Task A_run_whose_server_was_killed_is_interrupted_and_goes_on_but_not_for_ever()
    {
        await using var bench = await ControlBench.OpenAsync("2027-01-01T06:00:00Z");
        await bench.Queue.AskAsync(Daily, RunReason.Manual, "ann", RunChoices.None, default);
        for (var death = 1; death <= 3; death++)
        {
            Assert.Single(await bench.Runner.BeginAllAsync(default));
            bench.Time.Advance(TimeSpan.FromMinutes(1));
            bench.Start();
            await bench.Runner.RecoverAsync(isStart: true, default);
        }

        var rows = await RunsAsync(bench);
        Assert.Equal(["interrupted", "interrupted", "failed"], rows.Select(row => row.State));
        Assert.Equal("The node a stopped answering at 2027-01-01 06:00:00 UTC.", rows[0].Summary);
        Assert.EndsWith("That happened 3 times to this run, which is not begun again by itself.", rows[2].Summary, StringComparison.Ordinal);
        Assert.Empty(await bench.Runner.BeginAllAsync(default));
    }

    [Fact]
    public async Task A_run_that_another_node_took_over_ends_and_writes_nothing_more()
    {
        await using var bench = await ControlBench.OpenAsync("2027-01-01T06:00:00Z");
        var run = await BeginAsync(bench);
        await bench.Control.ExecuteAsync("UPDATE leases SET node = 'b', run_id = 'other', epoch = epoch + 1", null, default);

        await EndsAsync(bench, run);

        Assert.Equal(RunOrders.LeaseIsLost, run.Orders);
        Assert.Equal("running", Assert.Single(await RunsAsync(bench)).State);
        Assert.Equal("b", await bench.Control.FindAsync<string>("SELECT node FROM leases", null, default));
    }

    [Fact]
    public async Task What_a_node_held_that_died_in_other_work_than_a_run_is_free_after_a_while()
    {
        await using var bench = await ControlBench.OpenAsync("2027-01-01T06:00:00Z");
        await using var held = await WorkLease.TakeAsync(bench.Control, ["Sync:daily"], "fold", "b", bench.Time, default);
        await bench.Queue.AskAsync(Daily, RunReason.Manual, "ann", RunChoices.None, default);
        await bench.Runner.RecoverAsync(isStart: false, default);
        Assert.Empty(await bench.Runner.BeginAllAsync(default));

        // As if it had not been heard of since the day before.
        await bench.Control.ExecuteAsync("UPDATE leases SET heartbeat_at = heartbeat_at - 86400000", null, default);
        await bench.Runner.RecoverAsync(isStart: false, default);

        Assert.Single(await bench.Runner.BeginAllAsync(default));
    }

    private static async Task<ActiveRun> BeginAsync(ControlBench bench)
    {
        await bench.Queue.AskAsync(Daily, RunReason.Manual, "ann", RunChoices.None, default);
        return Assert.Single(await bench.Runner.BeginAllAsync(default));
    }

    // The clock goes on until the run has been told to stop.
    private static async Task EndsAsync(ControlBench bench, ActiveRun run)
    {
        await ServerWorld.UntilAsync("the end of the run", () =>
        {
            bench.Time.Advance(TimeSpan.FromSeconds(1));
            return Task.FromResult(run.Ended.IsCompleted);
        });
        await run.Ended;
    }

    private static Task<IReadOnlyList<RunRow>> RunsAsync(ControlBench bench) =>
        bench.Control.ListAsync<RunRow>($"SELECT {RunRow.Columns} FROM runs ORDER BY started_at, id", null, default);
}
