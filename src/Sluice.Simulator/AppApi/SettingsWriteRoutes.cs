using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.AppApi;

/// <summary>Writes reporting webhooks, snippets and opt-outs, and creates subscription center tokens.</summary>
internal static class SettingsWriteRoutes
{
    private const int LongestName = 150;
    private const int LongestValue = 16_000;

    public static void Map(Router router)
    {
        router.Write("POST", "/v1/reporting_webhooks", call => SaveWebhook(call, call.World.Settings.ReportingWebhooks.NextId));
        router.Write("PUT", "/v1/reporting_webhooks/{id}", call => SaveWebhook(call, ExistingWebhook(call)));
        router.Write("DELETE", "/v1/reporting_webhooks/{id}", call => call.World.Settings.ReportingWebhooks.Remove(ExistingWebhook(call)));
        router.Write("POST", "/v1/snippets", call => SaveSnippet(call, mayExist: false));
        router.Write("PUT", "/v1/snippets", call => SaveSnippet(call, mayExist: true));
        router.Write("DELETE", "/v1/snippets/{snippet_name}", DeleteSnippet);
        router.Write("PUT", "/v1/customers/{customer_id}/optouts", SetOptouts);
        router.Get("/v1/subscription_center/{customer_id}/token", Token);
    }

    private static int ExistingWebhook(ApiCall call)
        => call.World.Settings.ReportingWebhooks.Find(call.Number("id")) is null ? throw ApiException.NotFound() : call.Number("id");

    private static void SaveWebhook(ApiCall call, long id)
    {
        var body = call.Json();
        var hasEvents = body.TryGetProperty("events", out var events) && events.ValueKind == JsonValueKind.Array && events.GetArrayLength() > 0;
        if (
            FilterCondition.Text(body, "name") is null
            || !Uri.TryCreate(FilterCondition.Text(body, "endpoint"), UriKind.Absolute, out _)
            || !hasEvents)
        {
            throw ApiException.Invalid("name, endpoint (a URL) and events (at least one) are required");
        }

        if (events.EnumerateArray().Select(one => one.ToString()).FirstOrDefault(one => !WebhookEventNames.All.Contains(one)) is { } unknown)
        {
            throw ApiException.Invalid($"there is no event {unknown}");
        }

        var row = new JsonObject { ["id"] = id, ["type"] = "webhook", ["disabled"] = false, ["full_resolution"] = false, ["with_content"] = false };
        RowEdit.Apply(row, body, "id", "type");
        call.World.Settings.ReportingWebhooks.Put(id, row);
        call.Response.Write(writer => row.WriteTo(writer));
    }

    private static void SaveSnippet(ApiCall call, bool mayExist)
    {
        var body = call.Json();
        var (name, value) = (FilterCondition.Text(body, "name")?.Trim(), FilterCondition.Text(body, "value")?.Trim());
        var snippets = call.World.Settings.Snippets;
        var problem = string.IsNullOrEmpty(name) ? ("name cannot be blank", "name")
            : string.IsNullOrEmpty(value) ? ("value cannot be blank", "value")
            : name.Length > LongestName ? ("name cannot exceed 150 characters", "name")
            : value.Length > LongestValue ? ("value cannot exceed 16000 characters", "value")
            : value.Contains("snippets.", StringComparison.Ordinal) ? ("Snippets cannot contain Liquid code referencing other snippets.", "value")
            : !mayExist && snippets.ContainsKey(name) ? ("A snippet with that name already exists", "name")
            : ((string Detail, string Field)?)null;
        if (problem is { } found)
        {
            throw new ApiException(422, found.Item1, ErrorEnvelope.Pointer, $"/data/attributes/{found.Item2}");
        }

        snippets[name!] = (value!, call.Now);
        call.One("snippet", new JsonObject { ["name"] = name, ["value"] = value, ["updated_at"] = call.Now });
    }

    private static void DeleteSnippet(ApiCall call)
    {
        var name = call.Text("snippet_name");
        if (!call.World.Settings.Snippets.ContainsKey(name))
        {
            throw ApiException.NotFound();
        }

        if (Contents(call.World).Any(content => Uses(content, name)))
        {
            throw new ApiException(400, "unable to delete snippet in use");
        }

        call.World.Settings.Snippets.Remove(name);
        call.Response.Status = 204;
    }

    private static IEnumerable<JsonObject> Contents(World world) =>
        world.Campaigns.Values.Concat(world.Broadcasts.Values).SelectMany(journey => journey.Actions.Rows)
            .Concat(world.Newsletters.Values.SelectMany(newsletter => newsletter.Contents.Rows))
            .Concat(world.Transactional.Values.SelectMany(message => message.Contents.Rows));

    private static bool Uses(JsonObject content, string snippet)
        => content.Any(member => member.Value?.GetValueKind() == JsonValueKind.String
            && member.Value.GetValue<string>() is var text
            && (text.Contains($"snippets.{snippet}", StringComparison.Ordinal) || text.Contains($"snippets['{snippet}']", StringComparison.Ordinal)));

    private static void SetOptouts(ApiCall call)
    {
        var person = PersonLookup.OfPath(call, "optouts") ?? throw ApiException.NotFound();
        var list = CustomerRoutes.Required(call, "optouts");
        foreach (var entry in list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : throw ApiException.Invalid("optouts must be a list"))
        {
            var channel = FilterCondition.Text(entry, "channel") ?? "sms";
            if (
                channel is not ("sms" or "whatsapp")
                || FilterCondition.Text(entry, "from") is not { } from
                || !entry.TryGetProperty("optout", out var optout))
            {
                throw ApiException.Invalid("each opt-out needs from, optout and a channel of sms or whatsapp");
            }

            call.World.Optouts.Set(person, channel, from.Trim(), optout.ValueKind == JsonValueKind.True);
        }

        call.Response.Status = 204;
    }

    private static void Token(ApiCall call)
    {
        var value = call.Text("customer_id");
        var kind = value.Contains('@', StringComparison.Ordinal) ? "email" : "id";
        var person = PersonLookup.Find(call.World, kind, value) ?? throw new ApiException(400, "unknown customer");
        var token = Cursors.Encode("subscription center", person, call.Now);
        call.Object(writer =>
        {
            writer.WriteString("token", token);
            writer.WriteString("url", $"https://track.customer.io/u/i/{token}/");
        });
    }
}

/// <summary>Overwrites the fields of a row with those of a request.</summary>
internal static class RowEdit
{
    /// <summary>Rejects fields that only Customer.io sets.</summary>
    public static void Apply(JsonObject row, JsonElement body, params string[] fixedMembers)
    {
        foreach (var member in body.EnumerateObject())
        {
            row[member.Name] = fixedMembers.Contains(member.Name)
                ? throw ApiException.Invalid($"{member.Name} cannot be changed")
                : JsonNode.Parse(member.Value.GetRawText());
        }
    }
}

/// <summary>The names of the events that a reporting webhook can ask for.</summary>
internal static class WebhookEventNames
{
    public static IReadOnlySet<string> All { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "customer_subscribed", "customer_unsubscribed", "customer_subscription_preferences_changed", "email_drafted", "email_attempted",
        "email_sent", "email_delivered", "email_opened", "email_clicked", "email_converted", "email_bounced", "email_dropped", "email_deferred",
        "email_spammed", "email_failed", "email_unsubscribed", "email_undeliverable", "in_app_drafted", "in_app_attempted", "in_app_sent",
        "in_app_opened", "in_app_clicked", "in_app_converted", "in_app_failed", "in_app_undeliverable", "push_drafted", "push_attempted",
        "push_sent", "push_delivered", "push_opened", "push_clicked", "push_converted", "push_bounced", "push_dropped", "push_failed",
        "push_undeliverable", "slack_drafted", "slack_attempted", "slack_sent", "slack_clicked", "slack_converted", "slack_failed",
        "sms_drafted", "sms_attempted", "sms_sent", "sms_delivered", "sms_clicked", "sms_converted", "sms_bounced", "sms_dropped", "sms_failed",
        "sms_undeliverable", "sms_replied", "whatsapp_drafted", "whatsapp_attempted", "whatsapp_sent", "whatsapp_delivered", "whatsapp_opened",
        "whatsapp_clicked", "whatsapp_converted", "whatsapp_bounced", "whatsapp_dropped", "whatsapp_failed", "whatsapp_undeliverable",
        "whatsapp_replied", "webhook_drafted", "webhook_attempted", "webhook_sent", "webhook_clicked", "webhook_converted", "webhook_failed",
        "webhook_undeliverable",
    };
}
