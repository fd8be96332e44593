using Sluice.CustomerIo;
using Xunit;

namespace Sluice.Tests.CustomerIo;

public sealed class RateLimitTests
{
    private const string Good = """{"campaigns":[]}""";
    private static readonly ApiRequest Campaigns = ApiRequest.Get("/v1/campaigns");

    [Theory]
    [InlineData("7", 7)]
    [InlineData("0", 0)]
    [InlineData("86400", 120)]
    [InlineData("2147483647", 120)]
    [InlineData("Thu, 01 Jan 2037 00:00:00 GMT", 120)]
    [InlineData("Thu, 01 Jan 2015 00:00:00 GMT", 0)]
    public async Task Retry_after_is_heeded_within_0_and_120_seconds(string header, int seconds)
    {
        var attempts = new List<AttemptRecord>();
        await using ScriptedServer server = await ScriptedServer.StartAsync(Replies.Status(429, ("Retry-After", header)), Replies.Json(Good));
        using CustomerIoClient client = Clients.For(server, attempts);
        ApiResponse response = await client.SendAsync(Campaigns);
        Assert.Equal(TimeSpan.FromSeconds(seconds), attempts[0].RetryIn);
        Assert.True(response.Waited >= TimeSpan.FromSeconds(seconds));
        Assert.Equal(1, client.Budget.Usage.SlowDowns);
        Assert.Equal(1, client.Statistics.RateLimited);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("-5")]
    [InlineData("soon")]
    [InlineData("99999999999999999999")]
    public async Task Without_a_usable_retry_after_the_wait_is_random_but_not_nothing(string? header)
    {
        var attempts = new List<AttemptRecord>();
        (string, string)[] headers = header is null ? [] : [("Retry-After", header)];
        await using ScriptedServer server = await ScriptedServer.StartAsync(Replies.Status(429, headers), Replies.Json(Good));
        using CustomerIoClient client = Clients.For(server, attempts);
        await client.SendAsync(Campaigns);
        Assert.InRange(attempts[0].RetryIn!.Value.TotalSeconds, header == "-5" ? 0 : 0.5, 1);
    }

    [Fact]
    public async Task A_retry_after_date_counts_from_now()
    {
        var attempts = new List<AttemptRecord>();
        await using ScriptedServer server = await ScriptedServer.StartAsync(
            Replies.Status(429, ("Retry-After", "Thu, 01 Jan 2026 00:00:40 GMT")), Replies.Json(Good));
        using CustomerIoClient client = Clients.For(server, attempts);
        await client.SendAsync(Campaigns);
        Assert.InRange(attempts[0].RetryIn!.Value.TotalSeconds, 30, 40);
    }

    [Fact]
    public async Task Rate_limits_do_not_use_up_the_attempts()
    {
        var script = Enumerable.Repeat(Replies.Status(429, ("Retry-After", "1")), 20).Append(Replies.Json(Good));
        await using ScriptedServer server = await ScriptedServer.StartAsync([.. script]);
        using CustomerIoClient client = Clients.For(Clients.Options(server) with { MaxAttempts = 2 });
        ApiResponse response = await client.SendAsync(Campaigns);
        Assert.Equal(21, response.Attempts);
    }

    [Fact]
    public async Task A_server_that_wishes_for_no_wait_is_not_asked_without_end()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(Replies.Status(429, ("Retry-After", "0")));
        using CustomerIoClient client = Clients.For(server);
        CustomerIoException error = await client.FailsAsync(Campaigns);
        Assert.Equal(CustomerIoErrorKind.RateLimited, error.Kind);
        Assert.True(error.IsTransient);
        Assert.InRange(server.Requests.Count, 10, 100);
    }

    [Fact]
    public async Task A_quota_of_the_day_that_is_used_up_is_not_asked_again()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(Replies.Status(429), Replies.Json(Good));
        using CustomerIoClient client = Clients.For(server);
        ApiRequest archived = ApiRequest.Get("/v1/messages/{id}/archived_message").With("id", "7") with { HasDailyQuota = true };
        CustomerIoException error = await client.FailsAsync(archived);
        Assert.Equal(CustomerIoErrorKind.RateLimited, error.Kind);
        Assert.Contains("quota of the day is used up", error.Message);
        Assert.Single(server.Requests);
        Assert.Equal(0, client.Budget.Usage.SlowDowns);
    }

    [Fact]
    public async Task A_limit_of_the_second_is_waited_for_also_where_there_is_a_quota_of_the_day()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(Replies.Status(429, ("Retry-After", "1")), Replies.Json(Good));
        using CustomerIoClient client = Clients.For(server);
        ApiResponse response = await client.SendAsync(Campaigns with { HasDailyQuota = true });
        Assert.Equal(2, response.Attempts);
    }

    [Fact]
    public async Task A_429_of_the_track_api_does_not_slow_the_app_api()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(Replies.Status(429, ("Retry-After", "1")), Replies.Json("{}"));
        using CustomerIoClient client = Clients.For(server);
        await client.SendAsync(ApiRequest.Write(HttpMethod.Post, "/api/v2/entity", "{}"u8.ToArray(), ApiTarget.Track));
        Assert.Equal(1, client.TrackBudget.Usage.SlowDowns);
        Assert.Equal(2, client.TrackBudget.Usage.Granted);
        Assert.Equal(0, client.Budget.Usage.Granted);
    }

    [Fact]
    public async Task A_tighter_budget_is_waited_for_as_well()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(Replies.Json("{}"));
        using CustomerIoClient client = Clients.For(server);
        var triggers = new RequestBudget(0.1, new InstantTime());
        ApiRequest trigger = ApiRequest.Write(HttpMethod.Post, "/v1/campaigns/{id}/triggers", "{}"u8.ToArray()).With("id", "7") with
        {
            ExtraBudget = triggers,
        };
        await client.SendAsync(trigger);
        ApiResponse second = await client.SendAsync(trigger);
        Assert.True(second.Waited >= TimeSpan.FromSeconds(9));
        Assert.Equal(2, triggers.Usage.Granted);
    }
}
