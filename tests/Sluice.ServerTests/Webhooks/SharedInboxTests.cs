using System.Net;
using Sluice.Server.Webhooks;
using Sluice.ServerTests.Servers;
using Xunit;

namespace Sluice.ServerTests.Webhooks;

/// <summary>Events that wait in PostgreSQL, where every node reaches them.</summary>
public sealed class SharedInboxTests(PostgresServer postgres) : IAsyncLifetime
{
    private PostgresDatabase _control = null!;

    public async ValueTask InitializeAsync() => _control = await postgres.NewDatabaseAsync();

    public ValueTask DisposeAsync() => _control.DisposeAsync();

    [Fact]
    public async Task An_event_that_comes_to_both_nodes_is_kept_once_and_folded_by_the_one_that_is_at_it()
    {
        await using var one = await HookedServer.StartSharedAsync(_control.Uri);
        await using var two = await HookedServer.StartSharedAsync(_control.Uri);
        Assert.Equal(HttpStatusCode.OK, await one.SendAsync(Event("e1", 100)));
        Assert.Equal(HttpStatusCode.OK, await two.SendAsync(Event("e1", 100)));
        Assert.Equal(HttpStatusCode.OK, await two.SendAsync(Event("e2", 101)));
        Assert.Equal(2, Assert.Single(await one.Part<EventInbox>().DepthsAsync(HookedServer.Cancel)).Events);

        Assert.Equal(2, await one.FoldAsync());

        Assert.Equal(["e1", "e2"], (await one.ReadAsync("webhook_events", "event_id")).Select(row => row["event_id"]));
        Assert.Single(await one.ReadAsync("messages", "id"));
        Assert.Empty(await two.Part<EventInbox>().DepthsAsync(HookedServer.Cancel));
        Assert.Equal(0, await two.FoldAsync());
    }

    [Fact]
    public async Task Events_wait_for_the_next_start()
    {
        await using var server = await HookedServer.StartSharedAsync(_control.Uri);
        await server.SendAsync(Event("e1", 100));
        await server.RestartAsync();
        Assert.Equal(1, await server.FoldAsync());
        Assert.Equal("e1", Assert.Single(await server.ReadAsync("webhook_events", "event_id"))["event_id"]);
        Assert.Equal("0", await WaitingAsync());
    }

    [Fact]
    public async Task Two_destinations_both_have_an_event_before_it_is_let_go()
    {
        await using var server = await HookedServer.StartSharedAsync(
            _control.Uri,
            """
            version: 1
            workspaces: {main: {app_api_key: key, base_url: "http://127.0.0.1:9", webhook_signing_key: "${HOOK_KEY}"}}
            destinations: {warehouse: duckdb:///crm.duckdb}
            syncs: {one: {schema: one, workspaces: [main], tables: [messages]}, two: {schema: two, workspaces: [main], tables: [messages]}}
            """);
        await server.SendAsync(Event("e1", 100));
        Assert.Equal(2, await server.FoldAsync());
        Assert.Single(await server.ReadAsync("messages", "id", "one"));
        Assert.Single(await server.ReadAsync("messages", "id", "two"));
        Assert.Equal(0, await server.FoldAsync());
        Assert.Equal("0", await WaitingAsync());
    }

    private Task<string> WaitingAsync() =>
        _control.QueryAsync("SELECT (SELECT count(*) FROM sluice_control.inbox) + (SELECT count(*) FROM sluice_control.inbox_done)");

    private static string Event(string id, int at) =>
        $$$"""{"event_id":"{{{id}}}","object_type":"email","metric":"sent","timestamp":{{{at}}},"data":{"delivery_id":"d1","recipient":"a@b.example"}}""";
}
