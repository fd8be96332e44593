using Sluice.Server.Control;

namespace Sluice.Server.Notifications;

/// <summary>A message to a channel, with what became of it: a row of notifications.</summary>
internal sealed record NotificationRow
{
    /// <summary>To be sent, now or again.</summary>
    public const string Waiting = "waiting";

    public const string Sent = "sent";

    /// <summary>Given up.</summary>
    public const string Failed = "failed";

    /// <summary>The columns, by the names of the properties.</summary>
    public const string Columns =
        "id AS Id, channel AS Channel, facts AS FactsJson, made_at AS MadeAt, state AS State, attempts AS Attempts, not_before AS NotBefore, "
        + "tried_at AS TriedAt, answer AS Answer";

    public string Id { get; init; } = "";

    public string Channel { get; init; } = "";

    public string FactsJson { get; init; } = "";

    public long MadeAt { get; init; }

    public string State { get; init; } = Waiting;

    public long Attempts { get; init; }

    public long NotBefore { get; init; }

    public long? TriedAt { get; init; }

    /// <summary>What the other side answered at the last attempt, in a word or two.</summary>
    public string? Answer { get; init; }

    public NotificationFacts Facts => NotificationJson.Read(FactsJson);

    public static NotificationRow New(string channel, NotificationFacts facts, DateTimeOffset now) => new()
    {
        Id = ControlTime.NewId(now),
        Channel = channel,
        FactsJson = NotificationJson.Write(facts),
        MadeAt = ControlTime.Of(now),
        NotBefore = ControlTime.Of(now),
    };

    public static Task AddAsync(ControlChange change, NotificationRow row) => change.ExecuteAsync(
        """
        INSERT INTO notifications (id, channel, facts, made_at, state, attempts, not_before)
        VALUES (@Id, @Channel, @FactsJson, @MadeAt, @State, @Attempts, @NotBefore)
        """,
        row);
}
