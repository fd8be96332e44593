using Sluice.Engine.Load;
using Sluice.Server.Webhooks;
using Xunit;

namespace Sluice.ServerTests.Webhooks;

/// <summary>Where events go, by what the file says of syncs and tables.</summary>
public sealed class WebhookRoutesTests
{
    private const string Head = """
        version: 1
        workspaces:
          main: {app_api_key: "${APP_KEY}", base_url: "http://127.0.0.1:9", webhook_signing_key: "${HOOK_KEY}"}
          shop: {app_api_key: "${HOOK_KEY}", base_url: "http://127.0.0.1:9", webhook_signing_key: "${HOOK_KEY}"}
        destinations: {warehouse: "duckdb:///crm.duckdb"}

        """;

    [Theory]
    [InlineData("mode: append")]
    [InlineData("mode: full_refresh")]
    public async Task A_table_that_is_not_merged_is_left_alone_and_the_events_are_kept(string mode)
    {
        await using var server = await HookedServer.StartAsync($"{{tables: [{{messages: {{{mode}}}}}]}}");
        await server.SendAsync(Event("e1", "sent", 100));
        Assert.Equal(1, await server.FoldAsync());
        Assert.Single(await server.ReadAsync("webhook_events", "event_id"));
        Assert.Empty(await server.ReadAsync("messages", "id"));
        var workspace = (await server.Part<WebhookWorkspaces>().ReadAsync(HookedServer.Cancel))["main"];
        Assert.NotNull(Assert.Single(workspace.Routes).WhyNoMessages);
    }

    [Fact]
    public async Task A_sync_without_messages_keeps_the_events()
    {
        await using var server = await HookedServer.StartAsync("{schema: other, tables: [campaigns]}");
        await server.SendAsync(Event("e1", "sent", 100));
        Assert.Equal(1, await server.FoldAsync());
        Assert.Single(await server.ReadAsync("webhook_events", "event_id", "other"));
    }

    [Fact]
    public async Task Another_name_of_the_table_and_of_its_columns_holds_for_events_too()
    {
        await using var server = await HookedServer.StartAsync(
            "{tables: [{messages: {as: deliveries, columns: {id: {rename: delivery}, recipient: {rename: whom}, metrics: {drop: true}}}}]}");
        await server.SendAsync(Event("e1", "sent", 100));
        await server.SendAsync(Event("e2", "opened", 200));
        await server.FoldAsync();
        var row = Assert.Single(await server.ReadAsync("deliveries", "delivery"));
        Assert.Equal(("d1", "a@example.com"), ((string)row["delivery"]!, (string)row["whom"]!));
        Assert.DoesNotContain("metrics", row.Keys);
    }

    [Fact]
    public async Task Several_workspaces_stay_apart_in_one_table()
    {
        await using var server = await HookedServer.StartFileAsync(Head + "syncs: {daily: {tables: [messages]}}");
        await server.SendAsync(Event("e1", "sent", 100));
        await server.SendAsync(Event("e2", "sent", 200), "shop");
        Assert.Equal(2, await server.FoldAsync());
        var rows = await server.ReadAsync("messages", "workspace");
        Assert.Equal([("main", "d1"), ("shop", "d1")], rows.Select(row => ((string)row["workspace"]!, (string)row["id"]!)));
        Assert.Equal(["main", "shop"], (await server.ReadAsync("webhook_events", "event_id")).Select(row => row["workspace"]));
    }

    [Fact]
    public async Task Two_destinations_both_have_an_event_before_it_is_let_go()
    {
        await using var server = await HookedServer.StartFileAsync(
            Head + "syncs: {one: {schema: one, workspaces: [main], tables: [messages]}, two: {schema: two, workspaces: [main], tables: [messages]}}");
        await server.SendAsync(Event("e1", "sent", 100));
        Assert.Equal(2, await server.FoldAsync());
        Assert.Single(await server.ReadAsync("messages", "id", "one"));
        Assert.Single(await server.ReadAsync("messages", "id", "two"));
        Assert.Equal(0, await server.FoldAsync());
    }

    [Fact]
    public async Task A_draft_waits_for_what_comes_later_also_after_a_restart()
    {
        await using var server = await HookedServer.StartAsync();
        await server.SendAsync(Event("e0", "drafted", 50));
        await server.FoldAsync();
        Assert.Empty(await server.ReadAsync("messages", "id"));
        await server.RestartAsync();
        await server.SendAsync(Event("e1", "sent", 100));
        await server.FoldAsync();
        Assert.Equal("""{"drafted":50,"sent":100}""", Assert.Single(await server.ReadAsync("messages", "id"))["metrics"]);
    }

    [Fact]
    public async Task Many_events_once_more_change_nothing()
    {
        await using var server = await HookedServer.StartAsync();
        string[] events = [.. Enumerable.Range(0, 300).Select(n => Event($"e{n}", n % 2 == 0 ? "sent" : "opened", 100 + n, $"d{n / 2}"))];
        foreach (var one in events)
        {
            await server.SendAsync(one);
        }

        await server.FoldAsync();
        var before = (await server.ReadAsync("messages", "id")).Select(Line).ToList();
        foreach (var one in events)
        {
            await server.SendAsync(one);
        }

        Assert.Equal(events.Length, await server.FoldAsync());
        Assert.Equal(before, (await server.ReadAsync("messages", "id")).Select(Line));
        var ledger = await server.ReadAsync("_sluice_ledger", "committed_at");
        Assert.All(ledger, line => Assert.Equal(LedgerLine.OfWebhooks, line["source"]));
        Assert.Equal(events.Length, ledger.Where(line => (string)line["table_name"]! == "webhook_events").Sum(line => (long)line["loaded"]!));
    }

    private static string Event(string id, string metric, long at, string delivery = "d1") =>
        $$$"""
        {"event_id":"{{{id}}}","object_type":"email","metric":"{{{metric}}}","timestamp":{{{at}}},
        "data":{"delivery_id":"{{{delivery}}}","recipient":"a@example.com"}}
        """;

    private static string Line(Dictionary<string, object?> row) => string.Join('|', row.Select(value => $"{value.Key}={value.Value}"));
}
