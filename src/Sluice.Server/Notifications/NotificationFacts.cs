using System.Text.Json;
using System.Text.Json.Serialization;
using Sluice.Server.Status;

namespace Sluice.Server.Notifications;

/// <summary>What a message says: names, times and the sentence about the last run; never a row.</summary>
internal sealed record NotificationFacts
{
    /// <summary>failing, still_failing, late, recovered or test.</summary>
    public required string Event { get; init; }

    /// <summary>sync or push; empty in a test.</summary>
    public string Kind { get; init; } = "";

    /// <summary>The name of the sync or push; of a test, that of the node.</summary>
    public string Name { get; init; } = "";

    /// <summary>Since when it fails; or the due time that has not been done; or since when it did until it recovered.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The zone in which times are told.</summary>
    public string TimeZone { get; init; } = "UTC";

    /// <summary>The last run.</summary>
    public string? RunId { get; init; }

    /// <summary>What happened in it, in a sentence.</summary>
    public string? Summary { get; init; }

    /// <summary>Whether a run is under way.</summary>
    public bool IsRunning { get; init; }

    /// <summary>When the last good run began.</summary>
    public DateTimeOffset? DataAsOf { get; init; }

    /// <summary>The page of the run, if the server knows what people call it.</summary>
    public Uri? Page { get; init; }

    public static NotificationFacts Of(string word, SyncStatus status, AlertDecision decision, Uri? server)
    {
        var since = decision.Begun.Concat(decision.Repeated).Concat(decision.Over).Min(alert => alert.Since);
        var zone = status.Schedule?.TimeZone ?? "UTC";
        return new()
        {
            Event = word,
            Kind = status.Kind,
            Name = status.Name,
            Since = InZone(DateTimeOffset.FromUnixTimeMilliseconds(since), zone),
            TimeZone = zone,
            RunId = status.Last?.Id,
            Summary = status.Last?.Summary,
            IsRunning = status.Running is not null,
            DataAsOf = status.DataAsOf is { } at ? InZone(at, zone) : null,
            Page = server is null || status.Last is null ? null : new Uri(server, $"/runs/{Uri.EscapeDataString(status.Last.Id)}"),
        };
    }

    private static DateTimeOffset InZone(DateTimeOffset time, string zone) =>
        TimeZoneInfo.ConvertTime(time, TimeZoneInfo.FindSystemTimeZoneById(zone));
}

[JsonSerializable(typeof(NotificationFacts))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class NotificationJson : JsonSerializerContext
{
    public static string Write(NotificationFacts facts) => JsonSerializer.Serialize(facts, Default.NotificationFacts);

    public static NotificationFacts Read(string json) => JsonSerializer.Deserialize(json, Default.NotificationFacts)!;
}
