using Sluice.Server.Control;
using Sluice.Server.Pipelines;

namespace Sluice.Server.Notifications;

/// <summary>A channel, with what became of its last messages.</summary>
internal sealed record ChannelStatus
{
    public required string Name { get; init; }

    /// <summary>email, slack or webhook.</summary>
    public required string Kind { get; init; }

    /// <summary>The syncs and pushes that it is about; empty for all.</summary>
    public required IReadOnlyList<string> For { get; init; }

    public required IReadOnlyList<string> On { get; init; }

    /// <summary>Why it can't be used.</summary>
    public string? Problem { get; init; }

    /// <summary>The last messages, the latest first.</summary>
    public required IReadOnlyList<SentNotification> Last { get; init; }
}

/// <summary>A message, with what became of it.</summary>
/// <param name="Event">failing, still_failing, late, recovered or test.</param>
/// <param name="Kind">sync or push; empty in a test.</param>
/// <param name="Name">Of what.</param>
/// <param name="MadeAt">When there was something to tell.</param>
/// <param name="State">waiting, sent or failed.</param>
/// <param name="Attempts">Attempts so far.</param>
/// <param name="TriedAt">When it was tried last.</param>
/// <param name="Answer">What was answered then.</param>
/// <param name="NextAt">When it is tried again.</param>
internal sealed record SentNotification(
    string Event,
    string Kind,
    string Name,
    DateTimeOffset MadeAt,
    string State,
    int Attempts,
    DateTimeOffset? TriedAt,
    string? Answer,
    DateTimeOffset? NextAt)
{
    public static SentNotification Of(NotificationRow row)
    {
        var facts = row.Facts;
        return new SentNotification(
            facts.Event,
            facts.Kind,
            facts.Name,
            ControlTime.Read(row.MadeAt),
            row.State,
            (int)row.Attempts,
            ControlTime.Read(row.TriedAt),
            row.Answer,
            row.State == NotificationRow.Waiting ? ControlTime.Read(row.NotBefore) : null);
    }
}

/// <summary>Tells how it stands with the channels, for pages and the API.</summary>
internal sealed class ChannelStatuses(PipelineStore pipelines, ControlDatabase control)
{
    private const int Lasts = 10;

    public async Task<IReadOnlyList<ChannelStatus>> ListAsync(CancellationToken cancel)
    {
        var list = new List<ChannelStatus>();
        foreach (var channel in (await pipelines.ReadAsync(cancel)).File.Channels)
        {
            var rows = await control.ListAsync<NotificationRow>(
                $"SELECT {NotificationRow.Columns} FROM notifications WHERE channel = @Name ORDER BY id DESC LIMIT {Lasts}",
                new { channel.Name },
                cancel);
            list.Add(new ChannelStatus
            {
                Name = channel.Name,
                Kind = channel.Kind.ToString().ToLowerInvariant(),
                For = channel.For,
                On = [.. channel.On.Select(one => one.ToString().ToLowerInvariant())],
                Problem = Deliveries.ProblemOf(channel),
                Last = [.. rows.Select(SentNotification.Of)],
            });
        }

        return list;
    }
}
