using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.AppApi;

/// <summary>Changing reporting webhooks, snippets and opt-outs, and asking for a subscription center token.</summary>
internal static class SettingsWriteRoutes
{
    private const int LongestName = 150;
    private const int LongestValue = 16_000;

    public static void Map(Router router)
    {
        router.Write("POST", "/v1/reporting_webhooks", exchange => SaveWebhook(exchange, exchange.World.Settings.ReportingWebhooks.NextId));
        router.Write("PUT", "/v1/reporting_webhooks/{id}", exchange => SaveWebhook(exchange, ExistingWebhook(exchange)));
        router.Write("DELETE", "/v1/reporting_webhooks/{id}", exchange => exchange.World.Settings.ReportingWebhooks.Remove(ExistingWebhook(exchange)));
        router.Write("POST", "/v1/snippets", exchange => SaveSnippet(exchange, mayExist: false));
        router.Write("PUT", "/v1/snippets", exchange => SaveSnippet(exchange, mayExist: true));
        router.Write("DELETE", "/v1/snippets/{snippet_name}", DeleteSnippet);
        router.Write("PUT", "/v1/customers/{customer_id}/optouts", SetOptouts);
        router.Get("/v1/subscription_center/{customer_id}/token", Token);
    }

    private static int ExistingWebhook(Exchange exchange)
        => exchange.World.Settings.ReportingWebhooks.Find(exchange.Number("id")) is null ? throw ApiException.NotFound() : exchange.Number("id");

    private static void SaveWebhook(Exchange exchange, long id)
    {
        var body = exchange.Json();
        var hasEvents = body.TryGetProperty("events", out var events) && events.ValueKind == JsonValueKind.Array && events.GetArrayLength() > 0;
        if (FilterCondition.Text(body, "name") is null || !Uri.TryCreate(FilterCondition.Text(body, "endpoint"), UriKind.Absolute, out _) || !hasEvents)
        {
            throw ApiException.Invalid("name, endpoint (a URL) and events (at least one) are required");
        }

        var row = new JsonObject { ["id"] = id, ["type"] = "webhook", ["disabled"] = false, ["full_resolution"] = false, ["with_content"] = false };
        RowEdit.Apply(row, body, "id", "type");
        exchange.World.Settings.ReportingWebhooks.Put(id, row);
        exchange.Answer.Write(writer => row.WriteTo(writer));
    }

    private static void SaveSnippet(Exchange exchange, bool mayExist)
    {
        var body = exchange.Json();
        var (name, value) = (FilterCondition.Text(body, "name")?.Trim(), FilterCondition.Text(body, "value")?.Trim());
        var snippets = exchange.World.Settings.Snippets;
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

        snippets[name!] = (value!, exchange.Now);
        exchange.One("snippet", new JsonObject { ["name"] = name, ["value"] = value, ["updated_at"] = exchange.Now });
    }

    private static void DeleteSnippet(Exchange exchange)
    {
        if (!exchange.World.Settings.Snippets.Remove(exchange.Text("snippet_name")))
        {
            throw ApiException.NotFound();
        }

        exchange.Answer.Status = 204;
    }

    private static void SetOptouts(Exchange exchange)
    {
        var person = PersonLookup.OfPath(exchange, "optouts") ?? throw ApiException.NotFound();
        var list = CustomerRoutes.Required(exchange, "optouts");
        foreach (var entry in list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : throw ApiException.Invalid("optouts must be a list"))
        {
            var channel = FilterCondition.Text(entry, "channel") ?? "sms";
            if (channel is not ("sms" or "whatsapp") || FilterCondition.Text(entry, "from") is not { } from || !entry.TryGetProperty("optout", out var optout))
            {
                throw ApiException.Invalid("each opt-out needs from, optout and a channel of sms or whatsapp");
            }

            exchange.World.Optouts.Set(person, channel, from.Trim(), optout.ValueKind == JsonValueKind.True);
        }

        exchange.Answer.Status = 204;
    }

    private static void Token(Exchange exchange)
    {
        var value = exchange.Text("customer_id");
        var kind = value.Contains('@', StringComparison.Ordinal) ? "email" : "id";
        var person = PersonLookup.Find(exchange.World, kind, value) ?? throw new ApiException(400, "unknown customer");
        var token = Cursors.Encode("subscription center", person, exchange.Now);
        exchange.Object(writer =>
        {
            writer.WriteString("token", token);
            writer.WriteString("url", $"https://track.customer.io/u/i/{token}/");
        });
    }
}
