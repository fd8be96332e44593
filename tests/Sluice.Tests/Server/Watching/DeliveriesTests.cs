using Sluice.Engine.Runs;
using Sluice.Server.Notifications;
using Xunit;

namespace Sluice.Tests.Server.Watching;

/// <summary>What becomes of messages that are not taken, or that come in numbers.</summary>
public sealed class DeliveriesTests
{
    [Fact]
    public async Task A_message_that_is_not_taken_is_sent_again_later_and_later_and_given_up_within_a_day()
    {
        await using var bench = await WatchBench.OpenAsync("2026-11-30T12:00:00Z", "manual");
        bench.Slack.Answer = DeliveryAnswer.Later("HTTP 503");
        await bench.RunAsync(ExitCode.Api);
        foreach (var (minutes, attempts) in new[] { (1, 2), (5, 3), (15, 4), (60, 5), (240, 6) })
        {
            await bench.PassAsync(TimeSpan.FromMinutes(minutes) - TimeSpan.FromSeconds(1));
            Assert.Equal(attempts - 1, bench.Slack.Attempts);
            await bench.PassAsync(TimeSpan.FromSeconds(1));
            Assert.Equal(attempts, bench.Slack.Attempts);
        }

        var row = Assert.Single(await bench.RowsAsync());
        Assert.Equal(("waiting", "HTTP 503", 6), (row.State, row.Answer, (int)row.Attempts));
        for (var hours = 0; hours < 16; hours += 4)
        {
            await bench.PassAsync(TimeSpan.FromHours(4));
        }

        Assert.Equal((NotificationRow.Failed, 10), (Assert.Single(await bench.RowsAsync()).State, bench.Slack.Attempts));
    }

    [Fact]
    public async Task A_refusal_is_not_repeated()
    {
        await using var bench = await WatchBench.OpenAsync("2026-11-30T12:00:00Z", "manual");
        bench.Slack.Answer = DeliveryAnswer.Refused("HTTP 404");

        await bench.RunAsync(ExitCode.Api);
        await bench.PassAsync(TimeSpan.FromHours(5));

        Assert.Equal(1, bench.Slack.Attempts);
        Assert.Equal(
            (NotificationRow.Failed, "HTTP 404"),
            (Assert.Single(await bench.RowsAsync()).State, Assert.Single(await bench.RowsAsync()).Answer));
    }

    [Fact]
    public async Task What_a_node_had_in_hand_when_it_died_is_sent_by_another()
    {
        await using var bench = await WatchBench.OpenAsync("2026-11-30T12:00:00Z", "manual");
        bench.Slack.Answer = DeliveryAnswer.Later("HTTP 503");
        await bench.RunAsync(ExitCode.Api);
        var five = bench.Parts.Time.GetUtcNow().AddMinutes(5).ToUnixTimeMilliseconds();
        await bench.Parts.Control.ExecuteAsync("UPDATE notifications SET not_before = @At", new { At = five }, default);
        bench.Slack.Answer = DeliveryAnswer.Taken("HTTP 200");

        await bench.PassAsync(TimeSpan.FromMinutes(4));
        Assert.Empty(bench.Told());
        await bench.PassAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(["failing daily"], bench.Told());
    }

    [Fact]
    public async Task What_comes_in_numbers_goes_in_one_message()
    {
        await using var bench = await WatchBench.OpenAsync("2026-11-30T12:00:00Z");
        bench.Write(
            "team: {slack: \"https://hooks.example.com/x\"}", [.. Enumerable.Range(0, 45).Select(number => ($"s{number}", "{every: 1h}"))]);
        await bench.Parts.Scheduler.LookAsync(default);

        await bench.PassAsync(TimeSpan.FromHours(3));

        Assert.Equal([20, 20, 5], bench.Slack.Taken.Select(message => message.Rows.Count));
        Assert.EndsWith(", and 19 more", bench.Slack.Taken[0].Subject, StringComparison.Ordinal);
        Assert.Equal(45, bench.Told().Distinct().Count());
    }

    [Fact]
    public async Task A_channel_that_is_gone_gets_nothing()
    {
        await using var bench = await WatchBench.OpenAsync("2026-11-30T12:00:00Z", "manual");
        bench.Slack.Answer = DeliveryAnswer.Later("HTTP 503");
        await bench.RunAsync(ExitCode.Api);

        bench.Write("", ("daily", "manual"));
        await bench.PassAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(
            (NotificationRow.Failed, "There is no such channel any more."),
            (Assert.Single(await bench.RowsAsync()).State, Assert.Single(await bench.RowsAsync()).Answer));
    }

    [Fact]
    public async Task A_test_goes_the_way_of_all_messages_and_is_not_repeated()
    {
        await using var bench = await WatchBench.OpenAsync("2026-11-30T12:00:00Z");
        Assert.Null(await bench.Deliveries.TestAsync("taem", default));
        Assert.Equal(NotificationRow.Sent, (await bench.Deliveries.TestAsync("team", default))!.State);
        Assert.Equal("This is a test of Sluice on a. Messages arrive here.", Assert.Single(bench.Slack.Taken).Body);

        bench.Slack.Answer = DeliveryAnswer.Later("HTTP 503");
        var row = (await bench.Deliveries.TestAsync("team", default))!;
        await bench.PassAsync(TimeSpan.FromHours(1));

        Assert.Equal((NotificationRow.Failed, "HTTP 503", 2), (row.State, row.Answer, bench.Slack.Attempts));
    }
}
