using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Sluice.Settings.Pipelines;

namespace Sluice.Server.Notifications;

/// <summary>Posts the news as JSON, signed as Customer.io signs its webhooks: the hex HMAC-SHA256 of <c>v0:</c>timestamp<c>:</c>body.</summary>
internal sealed class WebhookSender(HttpDelivery http) : IChannelSender
{
    public const string TimestampHeader = "X-Sluice-Timestamp";
    public const string SignatureHeader = "X-Sluice-Signature";

    public ChannelKind Kind => ChannelKind.Webhook;

    public Task<DeliveryAnswer> SendAsync(PipelineChannel channel, ChannelMessage message, CancellationToken cancel)
    {
        var news = new WebhookNews([.. message.Rows.Select(row => WebhookItem.Of(row.Id, row.Facts))]);
        var body = JsonSerializer.SerializeToUtf8Bytes(news, WebhookJson.Default.WebhookNews);
        var timestamp = message.SentAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return http.PostAsync(
            channel.Address!, body, [new(TimestampHeader, timestamp), new(SignatureHeader, Sign(channel.SigningKey!, timestamp, body))], cancel);
    }

    private static string Sign(string key, string timestamp, byte[] body)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes($"v0:{timestamp}:"), .. body];
        return Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), signed));
    }
}

/// <summary>What a webhook gets.</summary>
/// <param name="Events">The news; several when they came at once.</param>
internal sealed record WebhookNews(IReadOnlyList<WebhookItem> Events);

/// <summary>News of a sync or push.</summary>
internal sealed record WebhookItem
{
    /// <summary>The same when it is sent again.</summary>
    public required string Id { get; init; }

    /// <summary>failing, still_failing, late, recovered or test.</summary>
    public required string Event { get; init; }

    public required string Kind { get; init; }

    public required string Name { get; init; }

    public DateTimeOffset? Since { get; init; }

    public DateTimeOffset? DataAsOf { get; init; }

    public string? RunId { get; init; }

    public string? Summary { get; init; }

    public Uri? Page { get; init; }

    public static WebhookItem Of(string id, NotificationFacts facts) => new()
    {
        Id = id,
        Event = facts.Event,
        Kind = facts.Kind,
        Name = NotificationText.Plain(facts.Name),
        Since = facts.Since,
        DataAsOf = facts.DataAsOf,
        RunId = facts.RunId,
        Summary = facts.Summary is { } summary ? NotificationText.Plain(summary) : null,
        Page = facts.Page,
    };
}

[JsonSerializable(typeof(WebhookNews))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class WebhookJson : JsonSerializerContext;
