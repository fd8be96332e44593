using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Sluice.CustomerIo;
using Xunit;

namespace Sluice.Tests.CustomerIo;

public sealed class RetryTests
{
    private const string Good = """{"campaigns":[]}""";
    private static readonly ApiRequest Campaigns = ApiRequest.Get("/v1/campaigns");

    public static TheoryData<string, CustomerIoErrorKind> PassingTroubles => new()
    {
        { "408", CustomerIoErrorKind.Timeout },
        { "429", CustomerIoErrorKind.RateLimited },
        { "500", CustomerIoErrorKind.ServerError },
        { "502", CustomerIoErrorKind.ServerError },
        { "503", CustomerIoErrorKind.ServerError },
        { "504", CustomerIoErrorKind.ServerError },
        { "reset", CustomerIoErrorKind.Network },
        { "cut gzip", CustomerIoErrorKind.Body },
        { "empty", CustomerIoErrorKind.Body },
        { "half JSON", CustomerIoErrorKind.Body },
        { "two documents", CustomerIoErrorKind.Body },
        { "HTML", CustomerIoErrorKind.Body },
        { "not UTF-8", CustomerIoErrorKind.Body },
    };

    [Theory]
    [MemberData(nameof(PassingTroubles))]
    public async Task A_passing_trouble_is_tried_again(string trouble, CustomerIoErrorKind kind)
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(Trouble(trouble), Trouble(trouble), Replies.Json(Good));
        using CustomerIoClient client = Clients.For(server);
        ApiResponse response = await client.SendAsync(Campaigns);
        Assert.Equal(Good, System.Text.Encoding.UTF8.GetString(response.Body.Span));
        Assert.Equal(3, response.Attempts);
        Assert.Equal(3, client.Statistics.Requests);
        Assert.Equal(2, client.Statistics.Retries[kind]);
        Assert.Equal(3, client.Budget.Usage.Granted);
    }

    [Theory]
    [MemberData(nameof(PassingTroubles))]
    public async Task A_trouble_that_stays_ends_with_its_kind(string trouble, CustomerIoErrorKind kind)
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(Trouble(trouble));
        using CustomerIoClient client = Clients.For(Clients.Options(server) with { MaxAttempts = 3, MaxRetryTime = TimeSpan.FromMinutes(2) });
        CustomerIoException error = await client.FailsAsync(Campaigns);
        Assert.Equal(kind, error.Kind);
        Assert.True(error.IsTransient);
        Assert.Contains("GET /v1/campaigns", error.Message, StringComparison.Ordinal);
        Assert.Contains("attempts", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400, CustomerIoErrorKind.BadRequest)]
    [InlineData(401, CustomerIoErrorKind.Unauthorized)]
    [InlineData(403, CustomerIoErrorKind.Forbidden)]
    [InlineData(404, CustomerIoErrorKind.NotFound)]
    [InlineData(409, CustomerIoErrorKind.BadRequest)]
    [InlineData(422, CustomerIoErrorKind.BadRequest)]
    public async Task A_refusal_is_not_tried_again(int status, CustomerIoErrorKind kind)
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(Replies.Status(status), Replies.Json(Good));
        using CustomerIoClient client = Clients.For(server);
        CustomerIoException error = await client.FailsAsync(Campaigns);
        Assert.Equal(kind, error.Kind);
        Assert.Equal(status, error.Status);
        Assert.False(error.IsTransient);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Attempts_are_bounded()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(Replies.Status(500));
        using CustomerIoClient client = Clients.For(server);
        await client.FailsAsync(Campaigns);
        Assert.Equal(8, server.Requests.Count);
    }

    [Fact]
    public async Task The_time_for_retries_is_bounded()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(Replies.Status(500));
        using CustomerIoClient client = Clients.For(Clients.Options(server) with { MaxAttempts = 100, MaxRetryTime = TimeSpan.Zero });
        await client.FailsAsync(Campaigns);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Waits_between_attempts_grow_to_30_seconds_at_most_and_come_from_the_seed()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(Replies.Status(500));
        TimeSpan?[] first = await WaitsAsync(server, seed: 1);
        Assert.Equal(first, await WaitsAsync(server, seed: 1));
        Assert.NotEqual(first, await WaitsAsync(server, seed: 2));
        for (int i = 0; i < first.Length - 1; i++)
        {
            Assert.InRange(first[i]!.Value.TotalSeconds, 0, Math.Min(30, 0.5 * Math.Pow(2, i)));
        }

        Assert.Null(first[^1]);
    }

    [Fact]
    public async Task An_attempt_that_hangs_times_out()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(Replies.Hang(), Replies.Hang("""{"camp"""), Replies.Json(Good));
        using CustomerIoClient client = new(Clients.Options(server) with { AttemptTimeout = TimeSpan.FromMilliseconds(250) });
        ApiResponse response = await client.SendAsync(Campaigns);
        Assert.Equal(3, response.Attempts);
        Assert.Equal(2, client.Statistics.Retries[CustomerIoErrorKind.Timeout]);
    }

    [Fact]
    public async Task Cancelling_ends_a_hanging_call_with_the_callers_token()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(Replies.Hang());
        using CustomerIoClient client = Clients.For(server);
        using var cancel = new CancellationTokenSource();
        Task<ApiResponse> call = client.SendAsync(Campaigns, cancel.Token);
        await cancel.CancelAsync();
        OperationCanceledException error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal(cancel.Token, error.CancellationToken);
    }

    [Fact]
    public async Task A_search_is_a_read_and_sends_its_body_again()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(
            Replies.Reset(),
            Replies.Status(503),
            Replies.Json("""{"identifiers":[]}"""));
        using CustomerIoClient client = Clients.For(server);
        await client.SendAsync(ApiRequest.Search("/v1/customers", """{"filter":{}}"""u8.ToArray()));
        Assert.Equal(3, server.Requests.Count);
        Assert.All(server.Requests, seen => Assert.Equal("""{"filter":{}}""", seen.Body));
        Assert.All(server.Requests, seen => Assert.Equal("application/json", seen.Headers.ContentType.ToString()));
    }

    [Fact]
    public async Task A_kept_connection_that_is_lost_makes_no_request_behind_the_budgets_back()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(
            Replies.Json(Good), Replies.Reset(), Replies.Json(Good), Replies.Reset(), Replies.Reset(), Replies.Json(Good));
        using CustomerIoClient client = Clients.For(server);
        ApiResponse[] responses = [await client.SendAsync(Campaigns), await client.SendAsync(Campaigns), await client.SendAsync(Campaigns)];
        Assert.Equal([1, 2, 3], responses.Select(response => response.Attempts));
        Assert.Equal(6, server.Requests.Count);
        Assert.Equal(6, client.Budget.Usage.Granted);
    }

    [Fact]
    public async Task An_answer_that_does_not_come_is_told_within_three_seconds_and_again_with_what_failed_before()
    {
        var time = new FakeTimeProvider();
        var told = new ConcurrentQueue<OverdueAnswer>();
        using var stop = new CancellationTokenSource();
        using var handler = new SilentHandler();
        using var client = new CustomerIoClient(new CustomerIoOptions { AppApiKey = Clients.AppKey }, time, handler) { Overdue = told.Enqueue };
        Task<ApiResponse> answer = client.SendAsync(Campaigns, stop.Token);
        await handler.Asked.Task;
        time.Advance(TimeSpan.FromSeconds(2.4));
        Assert.Empty(told);
        time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal(
            new OverdueAnswer { Endpoint = "GET /v1/campaigns", Server = "api.customer.io", Since = TimeSpan.FromSeconds(2.6), Attempt = 1 },
            Assert.Single(told));

        for (var i = 0; i < 10_000 && told.All(one => one.LastFailure is null); i++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        Assert.Contains(told, one => one.LastFailure?.Contains("60 s", StringComparison.Ordinal) == true);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
    }

    private sealed class SilentHandler : HttpMessageHandler
    {
        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            throw new InvalidOperationException("A wait without end has ended.");
        }
    }

    private static async Task<TimeSpan?[]> WaitsAsync(ScriptedServer server, int seed)
    {
        var attempts = new List<AttemptRecord>();
        using CustomerIoClient client = Clients.For(
            Clients.Options(server) with
            {
                Seed = seed,
                MaxAttempts = 10,
                MaxRetryTime = TimeSpan.FromHours(1),
            },
            attempts);
        await client.FailsAsync(Campaigns);
        return [.. attempts.Select(attempt => attempt.RetryIn)];
    }

    private static RequestDelegate Trouble(string name) => name switch
    {
        "reset" => Replies.Reset(),
        "cut gzip" => Replies.Gzip(Good, bytesMissing: 12),
        "empty" => Replies.Json(""),
        "half JSON" => Replies.Json("""{"campaigns":["""),
        "two documents" => Replies.Json(Good + Good),
        "HTML" => Replies.Text("<html><body>maintenance</body></html>", 200, "text/html"),
        "not UTF-8" => Replies.Bytes([(byte)'"', 0xC3, 0x28, (byte)'"']),
        _ => Replies.Status(int.Parse(name, System.Globalization.CultureInfo.InvariantCulture)),
    };
}
