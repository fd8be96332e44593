using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace Sluice.ServerTests.Webhooks;

/// <summary>A client that nobody here wrote: what the vendor's own description of webhooks says is signed, sent, and found in the tables.</summary>
public sealed class VendorEventsTests
{
    private static readonly string[] InApi =
        ["bounced", "clicked", "converted", "delivered", "dropped", "failed", "opened", "sent", "spammed", "undeliverable", "unsubscribed"];

    [Fact]
    public void Every_schema_of_the_description_has_examples()
    {
        Assert.True(VendorEvents.Names.Count() >= 60, "The description has more than sixty schemas of events.");
        Assert.All(VendorEvents.Names, name => Assert.NotEmpty(VendorEvents.Of(name)));
    }

    [Fact]
    public async Task An_event_of_every_schema_is_answered_with_200_and_found_in_the_tables()
    {
        await using var server = await HookedServer.StartAsync();
        var sent = VendorEvents.Names.SelectMany(VendorEvents.Of).ToList();
        foreach (var body in sent)
        {
            Assert.Equal(HttpStatusCode.OK, await server.SendAsync(body.ToJsonString()));
        }

        Assert.Equal(sent.Count, await server.FoldAsync());
        Assert.Null(Assert.Single(server.Status.Folds).Error);
        var events = (await server.ReadAsync("webhook_events", "event_id")).ToDictionary(row => (string)row["event_id"]!, StringComparer.Ordinal);
        var messages = (await server.ReadAsync("messages", "id")).ToDictionary(row => (string)row["id"]!, StringComparer.Ordinal);
        Assert.Empty(await server.ReadAsync("_sluice_rejects", "column_name"));
        Assert.All(sent, body => CheckEvent(body, events[(string)body["event_id"]!]));
        Assert.All(sent, body => CheckMessage(body, messages));
        Assert.Equal(sent.Count(MakesRow), messages.Count);
    }

    private static void CheckEvent(JsonObject body, Dictionary<string, object?> row)
    {
        Assert.Equal((string?)body["metric"], row["metric"]);
        Assert.Equal((string?)(body["object_type"] ?? body["object_type_type"]), row["object_type"]);
        Assert.Equal((long)body["timestamp"]!, ((DateTimeOffset)row["timestamp"]!).ToUnixTimeSeconds());
        Assert.Equal((string?)body["data"]!["delivery_id"], row["delivery_id"]);
        Assert.True(JsonNode.DeepEquals(body["data"], JsonNode.Parse((string)row["data"]!)), body.ToJsonString());
        Assert.Null(row["other"]);
        Assert.Equal("main", row["workspace"]);
        Assert.Equal(body["data"]!["campaign_id"]?.GetValueKind() == JsonValueKind.Number ? (long?)body["data"]!["campaign_id"] : null,
            row["campaign_id"]);
    }

    private static bool MakesRow(JsonObject body) => body["data"]!["delivery_id"] is not null && InApi.Contains((string)body["metric"]!);

    private static void CheckMessage(JsonObject body, Dictionary<string, Dictionary<string, object?>> messages)
    {
        var id = (string?)body["data"]!["delivery_id"];
        if (!MakesRow(body))
        {
            Assert.False(id is not null && messages.ContainsKey(id), body.ToJsonString());
            return;
        }

        var row = messages[id!];
        var metrics = JsonNode.Parse((string)row["metrics"]!)!.AsObject();
        Assert.Equal((string)body["metric"]!, Assert.Single(metrics).Key);
        Assert.Equal((long)body["timestamp"]!, (long)metrics[(string)body["metric"]!]!);
        var channel = (string)body["object_type"]!;
        Assert.Equal(channel == "sms" ? "twilio" : channel, row["type"]);
        Assert.Equal((string?)body["data"]!["subject"], row["subject"]);
        Assert.Equal((string?)body["data"]!["identifiers"]?["cio_id"], row["cio_id"]);
        Assert.Null(row["created"]);
    }
}
