using Sluice.Server.Status;
using Sluice.Settings.Pipelines;

namespace Sluice.Server.Notifications;

/// <summary>Something that is wrong with a sync or a push, as far as a channel was told of it: a row of alerts.</summary>
internal sealed record Alert
{
    public const string Failing = "failing";
    public const string Late = "late";

    public string Channel { get; init; } = "";

    public string Name { get; init; } = "";

    public string Kind { get; init; } = "";

    /// <summary>failing or late.</summary>
    public string Problem { get; init; } = "";

    public long Since { get; init; }

    public long ToldAt { get; init; }
}

/// <summary>What is to be done about alerts, and what a channel is to be told; nothing but the rows may change without a word.</summary>
/// <param name="Begun">Alerts that begin.</param>
/// <param name="Repeated">Alerts that are told again, as they were before.</param>
/// <param name="Over">Alerts that are over.</param>
/// <param name="Tell">The word for the message; null for none.</param>
internal sealed record AlertDecision(IReadOnlyList<Alert> Begun, IReadOnlyList<Alert> Repeated, IReadOnlyList<Alert> Over, string? Tell)
{
    public bool IsNothing => Begun.Count + Repeated.Count + Over.Count == 0;
}

/// <summary>
/// When a channel is told what: at the first failure, once a day while it goes on, when something becomes late, and when all is well again.
/// </summary>
internal static class AlertRules
{
    private static readonly TimeSpan Again = TimeSpan.FromHours(24);

    public static AlertDecision Decide(PipelineChannel channel, SyncStatus status, IReadOnlyList<Alert> known, long now)
    {
        var failing = known.FirstOrDefault(alert => alert.Problem == Alert.Failing);
        var late = known.FirstOrDefault(alert => alert.Problem == Alert.Late);
        return Failing(channel, status, failing, now) ?? Late(channel, status, failing, late, now) ?? Over(status, failing, late);
    }

    private static AlertDecision? Failing(PipelineChannel channel, SyncStatus status, Alert? known, long now) => status.FailingSince switch
    {
        { } since when known is null => new([New(channel, status, Alert.Failing, since, now)], [], [], NotificationWords.Failing),
        // Who has paused it knows.
        not null when status.Pause is null && now - known.ToldAt >= Again.TotalMilliseconds => new([], [known], [], NotificationWords.StillFailing),
        _ => null,
    };

    // What fails is late for that reason, which was told.
    private static AlertDecision? Late(PipelineChannel channel, SyncStatus status, Alert? failing, Alert? known, long now) =>
        status is { LateSince: { } since, Pause: null, FailingSince: null } && known is null && failing is null
            ? new([New(channel, status, Alert.Late, since, now)], [], [], NotificationWords.Late)
            : null;

    private static AlertDecision Over(SyncStatus status, Alert? failing, Alert? late)
    {
        Alert?[] over = [status.FailingSince is null ? failing : null, status.LateSince is null ? late : null];
        var ended = over.OfType<Alert>().ToList();
        // A schedule that was changed ends lateness, too, and brings no data.
        var isGood = ended.Any(alert => alert.Problem == Alert.Failing || status.DataAsOf?.ToUnixTimeMilliseconds() >= alert.Since);
        return new([], [], ended, isGood && status.FailingSince is null ? NotificationWords.Recovered : null);
    }

    private static Alert New(PipelineChannel channel, SyncStatus status, string problem, DateTimeOffset since, long now) => new()
    {
        Channel = channel.Name,
        Name = status.Name,
        Kind = status.Kind,
        Problem = problem,
        Since = since.ToUnixTimeMilliseconds(),
        ToldAt = now,
    };
}

/// <summary>The words for what a message is about.</summary>
internal static class NotificationWords
{
    public const string Failing = "failing";
    public const string StillFailing = "still_failing";
    public const string Late = "late";
    public const string Recovered = "recovered";
    public const string Test = "test";

    /// <summary>What a channel must have in <c>on:</c> to be told.</summary>
    public static ChannelEvent EventOf(string word) => word switch
    {
        Late => ChannelEvent.Late,
        Recovered => ChannelEvent.Recovered,
        _ => ChannelEvent.Failing,
    };
}
