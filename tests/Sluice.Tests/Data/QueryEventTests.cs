using Sluice.Data;
using Sluice.Engine;
using Xunit;

namespace Sluice.Tests.Data;

public sealed class QueryEventTests(DataWorld world) : IClassFixture<DataWorld>
{
    private const string AllActions = "SELECT count(*) FROM campaign_actions WHERE campaign_id IN (1, 2, 3, 4, 5)";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_price_is_told_before_the_first_request_and_each_request_after_it()
    {
        await using var connection = world.Open();
        var told = new List<string>();
        connection.Planned += (_, planned) => Note($"{planned.Report.LikelyRequests} requests");
        connection.RequestSent += (_, sent) => Note($"{sent.Attempt.Endpoint} {sent.Attempt.Status}");

        await new SluiceCommand("SELECT count(*) FROM campaign_actions WHERE campaign_id = 3", connection).ExecuteScalarAsync(Cancel);

        Assert.Equal(["1 requests", "GET /v1/campaigns/3/actions 200"], told);

        void Note(string what)
        {
            lock (told)
            {
                told.Add(what);
            }
        }
    }

    [Fact]
    public async Task A_handler_can_cancel_a_query_before_it_spends()
    {
        await using var connection = world.Open();
        var requests = 0;
        connection.Planned += (_, planned) => planned.Cancel = planned.Report.LikelyRequests > 2;
        connection.RequestSent += (_, _) => Interlocked.Increment(ref requests);

        var error = await Assert.ThrowsAsync<SluiceDbException>(() => new SluiceCommand(AllActions, connection).ExecuteScalarAsync(Cancel));

        Assert.Equal((SluiceErrorKind.Cancelled, "57014"), (error.Kind, error.SqlState));
        Assert.Equal(0, requests);
        Assert.Equal(5L, await new SluiceCommand("SELECT count(*) FROM campaigns", connection).ExecuteScalarAsync(Cancel));
    }

    [Fact]
    public async Task Cancel_stops_the_requests_of_a_query()
    {
        await using var connection = world.Open("Rate=2");
        await using var command = new SluiceCommand(AllActions, connection);
        var requests = 0;
        connection.RequestSent += (_, _) =>
        {
            Interlocked.Increment(ref requests);
            command.Cancel();
        };

        var error = await Assert.ThrowsAsync<SluiceDbException>(() => command.ExecuteScalarAsync(Cancel));

        Assert.Equal(SluiceErrorKind.Cancelled, error.Kind);
        Assert.Contains("The command was cancelled", error.Message, StringComparison.Ordinal);
        Assert.InRange(requests, 1, 4);
        Assert.Equal(1, await new SluiceCommand("SELECT 1", connection).ExecuteScalarAsync(Cancel));
    }

    [Fact]
    public async Task A_token_stops_it_with_the_exception_of_tokens()
    {
        await using var connection = world.Open("Rate=2");
        using var stop = new CancellationTokenSource();
        connection.RequestSent += (_, _) => stop.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new SluiceCommand(AllActions, connection).ExecuteScalarAsync(stop.Token));
    }

    [Fact]
    public async Task A_command_that_takes_longer_than_it_may_stops()
    {
        await using var connection = world.Open("Rate=0.5;Timeout=1");
        await using var command = new SluiceCommand(AllActions, connection);
        Assert.Equal(1, command.CommandTimeout);

        var error = await Assert.ThrowsAsync<SluiceDbException>(() => command.ExecuteScalarAsync(Cancel));

        Assert.Equal((SluiceErrorKind.Cancelled, true), (error.Kind, error.IsTransient));
        Assert.Contains("longer than its CommandTimeout of 1 s", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancel_also_ends_the_reading_of_rows()
    {
        await using var connection = world.Open();
        await using var command = new SluiceCommand("SELECT * FROM range(100000)", connection);
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        Assert.True(await reader.ReadAsync(Cancel));

        command.Cancel();

        Assert.Equal(SluiceErrorKind.Cancelled, (await Assert.ThrowsAsync<SluiceDbException>(() => reader.ReadAsync(Cancel))).Kind);
    }

    [Fact]
    public async Task A_failing_page_fails_the_query_and_may_pass()
    {
        await using var own = await FaultyAsync("400#1/v1/campaigns");
        await using var connection = own.Open();

        var error = await Assert.ThrowsAsync<SluiceDbException>(
            () => new SluiceCommand("SELECT count(*) FROM campaigns", connection).ExecuteScalarAsync(Cancel));

        Assert.Equal((SluiceErrorKind.Api, "08000"), (error.Kind, error.SqlState));
        Assert.Equal(5L, await new SluiceCommand("SELECT count(*) FROM campaigns", connection).ExecuteScalarAsync(Cancel));
    }

    private static async Task<DataWorld> FaultyAsync(string fault)
    {
        var own = new DataWorld();
        await own.InitializeAsync();
        await own.World.FaultsAsync(fault);
        return own;
    }
}
