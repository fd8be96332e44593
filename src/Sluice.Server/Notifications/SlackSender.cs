using System.Text.Json;
using System.Text.Json.Serialization;
using Sluice.Settings.Pipelines;

namespace Sluice.Server.Notifications;

/// <summary>Writes into a channel of Slack by its incoming webhook.</summary>
internal sealed class SlackSender(HttpDelivery http) : IChannelSender
{
    public ChannelKind Kind => ChannelKind.Slack;

    public Task<DeliveryAnswer> SendAsync(PipelineChannel channel, ChannelMessage message, CancellationToken cancel) =>
        http.PostAsync(channel.Address!, JsonSerializer.SerializeToUtf8Bytes(new SlackMessage(Escape(message.Body)), SlackJson.Default.SlackMessage), [], cancel);

    // As Slack has it: these three begin links, mentions and entities.
    private static string Escape(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal);
}

/// <summary>A message of Slack, whose text is not formatted, and whose links show nothing of what is behind them.</summary>
/// <param name="Text">The text.</param>
internal sealed record SlackMessage(string Text)
{
    public bool Mrkdwn { get; init; }

    public bool UnfurlLinks { get; init; }

    public bool UnfurlMedia { get; init; }
}

[JsonSerializable(typeof(SlackMessage))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class SlackJson : JsonSerializerContext;
