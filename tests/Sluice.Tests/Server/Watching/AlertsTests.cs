using Sluice.Engine.Runs;
using Sluice.Server.Control;
using Sluice.Server.Notifications;
using Sluice.Server.Runs;
using Xunit;

namespace Sluice.Tests.Server.Watching;

/// <summary>When people are told, and when they are left alone.</summary>
public sealed class AlertsTests
{
    [Fact]
    public async Task A_failure_is_told_at_once_then_every_day_and_its_end_once()
    {
        await using var bench = await WatchBench.OpenAsync("2026-11-30T12:00:00Z", "manual");

        await bench.RunAsync(ExitCode.Api);
        Assert.Equal(["failing daily"], bench.Told());
        await bench.RunAsync(ExitCode.Partial);
        await bench.PassAsync(TimeSpan.FromHours(23));
        Assert.Empty(bench.Told());
        await bench.PassAsync(TimeSpan.FromHours(1));
        Assert.Equal(["still_failing daily"], bench.Told());
        await bench.PassAsync(TimeSpan.FromHours(23));
        await bench.RunAsync(ExitCode.Api);
        Assert.Empty(bench.Told());
        await bench.PassAsync(TimeSpan.FromHours(1));
        Assert.Equal(["still_failing daily"], bench.Told());
        await bench.RunAsync();
        Assert.Equal(["recovered daily"], bench.Told());
        await bench.RunAsync();
        await bench.PassAsync(TimeSpan.FromDays(3));
        Assert.Empty(bench.Told());
        await bench.RunAsync(ExitCode.Api);
        Assert.Equal(["failing daily"], bench.Told());
    }

    [Fact]
    public async Task What_was_due_and_is_not_done_after_an_hour_is_told_as_late_and_the_run_that_makes_up_for_it_as_recovered()
    {
        // 06:00 in Los Angeles is 14:00 UTC.
        await using var bench = await WatchBench.OpenAsync("2026-11-30T13:00:00Z");
        await bench.PassAsync(TimeSpan.FromHours(2));
        Assert.Empty(bench.Told());

        await bench.PassAsync(TimeSpan.FromMinutes(1));
        var late = Assert.Single(Assert.Single(bench.Slack.Taken).Rows).Facts;
        Assert.Equal(["late daily"], bench.Told());
        Assert.Contains(
            "The sync daily is late: what was due on 2026-11-30 06:00 America/Los_Angeles has not been done.", NotificationText.Lines(late));
        await bench.PassAsync(TimeSpan.FromHours(50));
        Assert.Empty(bench.Told());

        await bench.RunAsync();
        Assert.Equal(["recovered daily"], bench.Told());
    }

    [Fact]
    public async Task What_fails_is_not_told_as_late_besides()
    {
        await using var bench = await WatchBench.OpenAsync("2026-11-30T13:59:00Z");
        await bench.RunAsync(ExitCode.Api);
        await bench.PassAsync(TimeSpan.FromHours(5));
        Assert.Equal(["failing daily"], bench.Told());

        await bench.RunAsync();
        Assert.Equal(["recovered daily"], bench.Told());
    }

    [Fact]
    public async Task A_pause_keeps_people_from_being_told_what_they_know()
    {
        await using var bench = await WatchBench.OpenAsync("2026-11-30T13:00:00Z");
        await bench.RunAsync(ExitCode.Api);
        bench.Told();

        await bench.Parts.Pauses.BeginAsync(new RunTarget("daily", RunKind.Sync), "ann", null, default);
        await bench.PassAsync(TimeSpan.FromDays(3));

        Assert.Empty(bench.Told());
    }

    [Fact]
    public async Task A_schedule_that_is_taken_away_ends_lateness_without_a_word()
    {
        await using var bench = await WatchBench.OpenAsync("2026-11-30T13:00:00Z");
        await bench.PassAsync(TimeSpan.FromHours(3));
        bench.Told();

        bench.Write("team: {slack: \"https://hooks.example.com/x\"}", ("daily", "manual"));
        await bench.PassAsync(TimeSpan.FromHours(3));

        Assert.Empty(bench.Told());
    }

    [Fact]
    public async Task A_channel_that_comes_later_hears_what_is_wrong_now()
    {
        await using var bench = await WatchBench.OpenAsync("2026-11-30T12:00:00Z", "manual");
        await bench.RunAsync(ExitCode.Api);
        Assert.Equal(["failing daily"], bench.Told());

        bench.Write("{team: {slack: \"https://hooks.example.com/x\"}, more: {slack: \"https://hooks.example.com/y\"}}", ("daily", "manual"));
        await bench.PassAsync(TimeSpan.FromMinutes(1));

        Assert.Equal("more", Assert.Single(Assert.Single(bench.Slack.Taken).Rows).Channel);
    }

    [Fact]
    public async Task A_mistake_in_the_file_makes_nobody_forget_what_was_told()
    {
        await using var bench = await WatchBench.OpenAsync("2026-11-30T12:00:00Z", "manual");
        await bench.RunAsync(ExitCode.Api);
        bench.Told();

        bench.Write("taem: {slack: \"https://hooks.example.com/x\", fro: [daily]}", ("dialy", "manual"));
        await bench.PassAsync(TimeSpan.FromMinutes(1));
        bench.Write("team: {slack: \"https://hooks.example.com/x\"}", ("daily", "manual"));
        await bench.PassAsync(TimeSpan.FromMinutes(1));

        Assert.Empty(bench.Told());
    }

    [Theory]
    [InlineData("for: [other]", "")]
    [InlineData("on: [recovered]", "recovered daily")]
    [InlineData("on: [late, failing]", "failing daily")]
    [InlineData("for: daily", "failing daily;recovered daily")]
    public async Task A_channel_hears_of_what_it_asks_for(string choice, string told)
    {
        await using var bench = await WatchBench.OpenAsync("2026-11-30T12:00:00Z", "manual");
        bench.Write($"team: {{slack: \"https://hooks.example.com/x\", {choice}}}", ("daily", "manual"), ("other", "manual"));

        await bench.RunAsync(ExitCode.Api);
        await bench.RunAsync();

        Assert.Equal(told, string.Join(';', bench.Told()));
    }

    [Fact]
    public async Task Two_nodes_that_look_at_once_tell_once()
    {
        await using var bench = await WatchBench.OpenAsync("2026-11-30T12:00:00Z", "manual");
        await using var other = await ControlDatabase.OpenAsync(Path.Combine(bench.Parts.Options.WorkFolder, "serve.db"), bench.Parts.Time, default);
        var nodes = new[] { (bench.Alerts, bench.Deliveries), bench.NodeOver(other, "b") };
        async Task LookAsync()
        {
            await Task.WhenAll(nodes.Select(node => Task.Run(() => node.Item1.LookAsync(default))));
            await Task.WhenAll(nodes.Select(node => Task.Run(() => node.Item2.SendAllAsync(default))));
        }

        for (var round = 0; round < 5; round++)
        {
            await EndAsync(bench, ExitCode.Api);
            await LookAsync();
            bench.Parts.Time.Advance(TimeSpan.FromHours(24));
            await LookAsync();
            await EndAsync(bench, ExitCode.Done);
            await LookAsync();
            Assert.Equal(["failing daily", "still_failing daily", "recovered daily"], bench.Told());
        }
    }

    private static async Task EndAsync(WatchBench bench, int exitCode)
    {
        await bench.Parts.Queue.AskAsync(new RunTarget("daily", RunKind.Sync), RunReason.Manual, "ann", RunChoices.None, default);
        var run = Assert.Single(await bench.Parts.Runner.BeginAllAsync(default));
        bench.Parts.Executor.End(run.Order.RunId, exitCode);
        await run.Ended;
    }
}
