using System.Net;
using Sluice.Server.Auth;
using Sluice.Server.Control;
using Sluice.Server.Pipelines;
using Sluice.Server.Runs;
using Xunit;

namespace Sluice.Tests.Server.Dashboard;

/// <summary>What the buttons of pages do, and to whom they do nothing.</summary>
public sealed class FormTests
{
    [Fact]
    public async Task Run_now_puts_a_request_into_the_queue_and_goes_back_to_the_page()
    {
        await using var world = await DashboardWorld.StartAsync();
        using var operating = await world.LogInAsync(Role.Operator);

        using var answer = await operating.PostFormAsync("/syncs/daily/run");

        Assert.Equal((303, "/syncs/daily?done=asked"), ((int)answer.StatusCode, answer.Headers.Location!.OriginalString));
        Assert.Contains("Asked for.", await operating.ReadAsync("/syncs/daily?done=asked"), StringComparison.Ordinal);
        Assert.Equal(1, await CountAsync(
            world, "SELECT count(*) FROM run_requests WHERE name = 'daily' AND reason = 'manual' AND asked_by LIKE 'operator-%'"));
    }

    [Fact]
    public async Task A_backfill_runs_with_the_interval_of_the_form()
    {
        await using var world = await DashboardWorld.StartAsync();
        using var operating = await world.LogInAsync(Role.Operator);

        using var answer = await operating.PostFormAsync("/syncs/daily/run", ("kind", "backfill"), ("since", "2026-01-01"), ("until", "2026-02-01"));

        Assert.Equal(303, (int)answer.StatusCode);
        Assert.Equal(1, await CountAsync(
            world, "SELECT count(*) FROM run_requests WHERE name = 'daily' AND options LIKE '%2026-01-01%2026-02-01%'"));
    }

    [Fact]
    public async Task A_backfill_whose_times_are_wrong_does_not_run()
    {
        await using var world = await DashboardWorld.StartAsync();
        using var operating = await world.LogInAsync(Role.Operator);

        using var answer = await operating.PostFormAsync("/syncs/daily/run", ("kind", "backfill"), ("since", "yesterdayish"));

        Assert.Contains("yesterdayish", await answer.Content.ReadAsStringAsync(ServerWorld.Cancel), StringComparison.Ordinal);
        Assert.Equal(0, await CountAsync(
            world, "SELECT count(*) FROM run_requests WHERE name = 'daily'"));
    }

    [Fact]
    public async Task A_request_that_waits_is_dropped()
    {
        await using var world = await DashboardWorld.StartAsync();
        using var operating = await world.LogInAsync(Role.Operator);

        using var answer = await operating.PostFormAsync("/runs/waits/cancel");

        Assert.Equal("/runs?done=dropped", answer.Headers.Location!.OriginalString);
        Assert.Equal(1, await CountAsync(world, "SELECT count(*) FROM run_requests WHERE id = 'waits' AND state = 'dropped'"));
    }

    [Fact]
    public async Task A_pause_ends_with_a_button()
    {
        await using var world = await DashboardWorld.StartAsync();
        using var operating = await world.LogInAsync(Role.Operator);

        using var answer = await operating.PostFormAsync($"/syncs/{DashboardWorld.HostilePath}/resume");

        Assert.Equal(303, (int)answer.StatusCode);
        Assert.Equal(0, await CountAsync(world, "SELECT count(*) FROM pauses"));
    }

    [Fact]
    public async Task State_is_not_reset_when_another_name_was_typed()
    {
        await using var world = await DashboardWorld.StartAsync();
        using var admin = await world.LogInAsync(Role.Admin);

        using var answer = await admin.PostFormAsync("/syncs/daily/reset", ("typed", "dayly"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("Nothing was changed", await answer.Content.ReadAsStringAsync(ServerWorld.Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task State_is_not_reset_while_something_is_at_work_on_the_sync()
    {
        await using var world = await DashboardWorld.StartAsync(options =>
            options with { Variables = name => name == "CUSTOMERIO_APP_API_KEY" ? "a-key" : null });
        using var admin = await world.LogInAsync(Role.Admin);
        var sync = await world.Service<PipelineStore>().RequireSyncAsync("daily", ServerWorld.Cancel);
        await using var held = await WorkLease.TakeAsync(
            world.Service<ControlDatabase>(), SyncJob.LeasesOf(sync), "fold", "b", world.Time, ServerWorld.Cancel);

        using var answer = await admin.PostFormAsync("/syncs/daily/reset", ("typed", "daily"));

        Assert.NotNull(held);
        Assert.Contains("Something is at work on daily", await answer.Content.ReadAsStringAsync(ServerWorld.Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_an_admin_sees_what_a_reset_would_cost()
    {
        await using var world = await DashboardWorld.StartAsync();
        using var operating = await world.LogInAsync(Role.Operator);

        using var answer = await operating.PostFormAsync("/syncs/daily/plan", ("kind", "reset"));

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Theory]
    [InlineData("/events?seen=something-else")]
    [InlineData($"/runs/{DashboardWorld.RunId}/events")]
    public async Task A_stream_that_has_no_more_to_tell_says_so_and_ends(string path)
    {
        await using var world = await DashboardWorld.StartAsync();
        using var reader = await world.LogInAsync(Role.Reader);

        Assert.EndsWith("event: end\ndata: \n\n", await reader.ReadAsync(path), StringComparison.Ordinal);
    }

    private static async Task<long> CountAsync(ServerWorld world, string sql) =>
        await world.Service<ControlDatabase>().FindAsync<long>(sql, null, ServerWorld.Cancel);
}
