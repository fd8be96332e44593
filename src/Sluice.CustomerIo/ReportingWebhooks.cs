using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sluice.CustomerIo;

/// <summary>The reporting webhooks of a workspace: Customer.io sends what happens to deliveries to their addresses.</summary>
public static class ReportingWebhooks
{
    private const string Route = "/v1/reporting_webhooks";

    /// <summary>All events that a webhook can ask for.</summary>
    public static IReadOnlyList<string> Events { get; } =
    [
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
    ];

    /// <summary>Lists the webhooks of the workspace.</summary>
    /// <exception cref="CustomerIoException">No usable answer came.</exception>
    public static async Task<IReadOnlyList<ReportingWebhook>> ListAsync(CustomerIoClient client, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(client);
        var answer = await client.SendAsync(ApiRequest.Get(Route), cancel);
        using var document = JsonDocument.Parse(answer.Body);
        return document.RootElement.TryGetProperty("reporting_webhooks", out var list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(ReportingWebhook.Read)]
            : [];
    }

    /// <summary>Creates a webhook; its signing key is only shown in Customer.io's UI.</summary>
    /// <exception cref="CustomerIoException">No usable answer came.</exception>
    public static async Task<ReportingWebhook> CreateAsync(CustomerIoClient client, ReportingWebhook webhook, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(webhook);
        var body = new JsonObject
        {
            ["name"] = webhook.Name,
            ["endpoint"] = webhook.Endpoint,
            ["events"] = new JsonArray([.. webhook.Events.Select(one => (JsonNode)one)]),
            ["disabled"] = webhook.IsDisabled,
            ["full_resolution"] = webhook.IsEveryTime,
            ["with_content"] = webhook.WithContent,
        };
        var answer = await client.SendAsync(
            ApiRequest.Write(HttpMethod.Post, Route, System.Text.Encoding.UTF8.GetBytes(body.ToJsonString())), cancel);
        using var document = JsonDocument.Parse(answer.Body);
        return ReportingWebhook.Read(document.RootElement);
    }
}

/// <summary>A reporting webhook.</summary>
public sealed record ReportingWebhook
{
    /// <summary>The id; null before it is created.</summary>
    public long? Id { get; init; }

    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>The address, which may hold a password.</summary>
    public required string Endpoint { get; init; }

    /// <summary>The address as it may be shown: without a password, and without what stands behind a question mark.</summary>
    public string ShownEndpoint => Uri.TryCreate(Endpoint, UriKind.Absolute, out var address)
        ? address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped) + (address.Query.Length > 0 ? "?***" : "")
        : "(no address)";

    /// <summary>The events that are sent.</summary>
    public IReadOnlyList<string> Events { get; init; } = [];

    /// <summary>Whether nothing is sent.</summary>
    public bool IsDisabled { get; init; }

    /// <summary>Whether each open and click is sent, and not only the first.</summary>
    public bool IsEveryTime { get; init; }

    /// <summary>Whether events have the bodies of messages.</summary>
    public bool WithContent { get; init; }

    internal static ReportingWebhook Read(JsonElement from) => new()
    {
        Id = from.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.Number ? id.GetInt64() : null,
        Name = Text(from, "name"),
        Endpoint = Text(from, "endpoint"),
        Events = from.TryGetProperty("events", out var events) && events.ValueKind == JsonValueKind.Array
            ? [.. events.EnumerateArray().Select(one => one.ToString())]
            : [],
        IsDisabled = IsOn(from, "disabled"),
        IsEveryTime = IsOn(from, "full_resolution"),
        WithContent = IsOn(from, "with_content"),
    };

    private static string Text(JsonElement from, string name) => from.TryGetProperty(name, out var value) ? value.ToString() : "";

    private static bool IsOn(JsonElement from, string name) => from.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;
}
