using Sluice.Server.Control;
using Sluice.Server.Pipelines;
using Sluice.Settings.Pipelines;

namespace Sluice.Server.Notifications;

/// <summary>
/// Sends what waits, and again what was not taken. Each message belongs to one node while it sends it; if that node dies, another one sends it after
/// a while.
/// </summary>
internal sealed class Deliveries(PipelineStore pipelines, ControlDatabase control, IEnumerable<IChannelSender> senders, ServerOptions options)
{
    // As many as go into one message: after an outage a channel is not flooded.
    private const int MostInOne = 20;
    private const int MostAtOnce = 100;

    private static readonly TimeSpan Hold = TimeSpan.FromMinutes(5);
    private static readonly int[] MinutesToRetry = [1, 5, 15, 60, 240, 240, 240, 240, 240];

    /// <summary>Sends all that is to be sent now.</summary>
    public async Task SendAllAsync(CancellationToken cancel)
    {
        var rows = await ClaimAsync(cancel);
        if (rows.Count == 0)
        {
            return;
        }

        var file = (await pipelines.ReadAsync(cancel)).File;
        await Task.WhenAll(rows.GroupBy(row => row.Channel, StringComparer.Ordinal).Select(async group =>
        {
            foreach (var batch in group.Chunk(MostInOne))
            {
                var answer = await SendAsync(file, group.Key, batch, cancel);
                await RecordAsync(batch, answer, cancel);
            }
        }));
    }

    /// <summary>Sends a test the way that all messages go, once; gives what became of it, or null when there is no such channel.</summary>
    public async Task<NotificationRow?> TestAsync(string channel, CancellationToken cancel)
    {
        var file = (await pipelines.ReadAsync(cancel)).File;
        if (file.Channels.All(known => known.Name != channel))
        {
            return null;
        }

        var now = options.Time.GetUtcNow();
        var facts = new NotificationFacts { Event = NotificationWords.Test, Name = options.Node };
        var row = NotificationRow.New(channel, facts, now) with { Attempts = 1, NotBefore = ControlTime.Of(now + Hold) };
        await control.ChangeAsync(
            async change =>
            {
                await NotificationRow.AddAsync(change, row);
                return true;
            },
            cancel);
        var answer = await SendAsync(file, channel, [row], cancel);
        await RecordAsync([row], answer with { MayPass = false }, cancel);
        return await control.FindAsync<NotificationRow>(
            $"SELECT {NotificationRow.Columns} FROM notifications WHERE id = @Id", new { row.Id }, cancel);
    }

    private Task<IReadOnlyList<NotificationRow>> ClaimAsync(CancellationToken cancel) => control.ChangeAsync(
        async change =>
        {
            var now = await change.NowAsync();
            var rows = await change.ListAsync<NotificationRow>(
                $"""
                SELECT {NotificationRow.Columns} FROM notifications WHERE state = 'waiting' AND not_before <= @Now ORDER BY id LIMIT {MostAtOnce}
                {change.ForUpdateSkipLocked}
                """,
                new { Now = now });
            foreach (var row in rows)
            {
                await change.ExecuteAsync(
                    "UPDATE notifications SET attempts = attempts + 1, not_before = @Until WHERE id = @Id",
                    new { row.Id, Until = now + (long)Hold.TotalMilliseconds });
            }

            return (IReadOnlyList<NotificationRow>)[.. rows.Select(row => row with { Attempts = row.Attempts + 1 })];
        },
        cancel);

    private async Task<DeliveryAnswer> SendAsync(PipelineFile file, string name, IReadOnlyList<NotificationRow> rows, CancellationToken cancel)
    {
        if (file.Channels.FirstOrDefault(known => known.Name == name) is not { } channel)
        {
            return DeliveryAnswer.Refused("There is no such channel any more.") with { MayPass = file.ValidationErrors.Count > 0 };
        }

        return ProblemOf(channel) is { } problem
            ? DeliveryAnswer.Later(problem)
            : await senders.First(sender => sender.Kind == channel.Kind)
                .SendAsync(channel, new ChannelMessage(rows, options.Time.GetUtcNow()), cancel);
    }

    /// <summary>What keeps a channel from being used, or null.</summary>
    public static string? ProblemOf(PipelineChannel channel) =>
        channel.Address is null || (channel.Kind == ChannelKind.Webhook && channel.SigningKey is null)
        || (channel.Kind == ChannelKind.Email && (channel.From is null || channel.To.Count == 0))
            ? "A variable of the channel is not set, or what it holds won't do: 'sluice validate' tells more."
            : null;

    private static TimeSpan WaitAfter(int attempts) => TimeSpan.FromMinutes(MinutesToRetry[Math.Min(attempts, MinutesToRetry.Length) - 1]);

    private async Task RecordAsync(IReadOnlyList<NotificationRow> rows, DeliveryAnswer answer, CancellationToken cancel)
    {
        var now = ControlTime.Of(options.Time.GetUtcNow());
        foreach (var row in rows)
        {
            var isLast = !answer.MayPass || row.Attempts > MinutesToRetry.Length;
            await control.ExecuteAsync(
                "UPDATE notifications SET state = @State, tried_at = @Now, answer = @Answer, not_before = @NotBefore WHERE id = @Id",
                new
                {
                    row.Id,
                    State = answer.IsTaken ? NotificationRow.Sent : isLast ? NotificationRow.Failed : NotificationRow.Waiting,
                    Now = now,
                    Answer = answer.Text,
                    NotBefore = now + (long)WaitAfter((int)row.Attempts).TotalMilliseconds,
                },
                cancel);
        }
    }
}

/// <summary>Sends messages to channels of a kind.</summary>
internal interface IChannelSender
{
    /// <summary>The kind.</summary>
    ChannelKind Kind { get; }

    /// <summary>Sends a message; what goes wrong is in the answer, and only a cancellation is thrown.</summary>
    Task<DeliveryAnswer> SendAsync(PipelineChannel channel, ChannelMessage message, CancellationToken cancel);
}

/// <summary>A message about one or more syncs and pushes.</summary>
/// <param name="Rows">What it is about.</param>
/// <param name="SentAt">When it is sent.</param>
internal sealed record ChannelMessage(IReadOnlyList<NotificationRow> Rows, DateTimeOffset SentAt)
{
    /// <summary>The same for the same message sent again.</summary>
    public string Id => Rows[0].Id;

    public string Subject => NotificationText.Subject([.. Rows.Select(row => row.Facts)]);

    public string Body => string.Join("\n\n", Rows.Select(row => string.Join('\n', NotificationText.Lines(row.Facts))));
}

/// <summary>What became of an attempt.</summary>
/// <param name="IsTaken">Whether the other side has taken the message.</param>
/// <param name="MayPass">Whether it may take it later.</param>
/// <param name="Text">What it answered: a code or a reason, nothing that it has written itself.</param>
internal sealed record DeliveryAnswer(bool IsTaken, bool MayPass, string Text)
{
    public static DeliveryAnswer Taken(string text) => new(true, false, text);

    public static DeliveryAnswer Later(string text) => new(false, true, text);

    public static DeliveryAnswer Refused(string text) => new(false, false, text);
}
