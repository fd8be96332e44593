using Sluice.Server.Control;
using Sluice.Server.Pipelines;
using Sluice.Server.Status;
using Sluice.Settings.Pipelines;

namespace Sluice.Server.Notifications;

/// <summary>
/// Looks how it stands with all syncs and pushes and decides what each channel is to be told. A decision and the message are one transaction, which
/// only one of several nodes gets through.
/// </summary>
internal sealed class Alerts(PipelineStore pipelines, Overview overview, ControlDatabase control, ServerOptions options)
{
    private const string Key = "channel = @Channel AND name = @Name AND kind = @Kind";

    /// <summary>Looks once; gives how many messages were put down to be sent.</summary>
    public async Task<int> LookAsync(CancellationToken cancel)
    {
        var file = (await pipelines.ReadAsync(cancel)).File;
        var known = (await control.ListAsync<Alert>(Select, null, cancel)).ToLookup(alert => (alert.Channel, alert.Name, alert.Kind));
        if (file.Channels.Count == 0 && known.Count == 0)
        {
            return 0;
        }

        var statuses = await overview.ListAsync(cancel);
        var now = ControlTime.Of(options.Time.GetUtcNow());
        var told = 0;
        foreach (var (channel, status) in Pairs(file, statuses))
        {
            if (!AlertRules.Decide(channel, status, [.. known[(channel.Name, status.Name, status.Kind)]], now).IsNothing)
            {
                told += await control.ChangeAsync(change => DecideAsync(change, channel, status), cancel);
            }
        }

        // While the file has mistakes, what seems to be gone may only be misspelt.
        if (file.ValidationErrors.Count == 0)
        {
            var kept = Pairs(file, statuses).Select(pair => (pair.Channel.Name, pair.Status.Name, pair.Status.Kind)).ToHashSet();
            foreach (var (channel, name, kind) in known.Select(group => group.Key).Where(key => !kept.Contains(key)))
            {
                await control.ExecuteAsync($"DELETE FROM alerts WHERE {Key}", new { Channel = channel, Name = name, Kind = kind }, cancel);
            }
        }

        return told;
    }

    private static string Select => "SELECT channel AS Channel, name AS Name, kind AS Kind, problem AS Problem, since AS Since, told_at AS ToldAt FROM alerts";

    private static IEnumerable<(PipelineChannel Channel, SyncStatus Status)> Pairs(PipelineFile file, IReadOnlyList<SyncStatus> statuses) =>
        from channel in file.Channels
        from status in statuses
        where channel.For.Count == 0 || channel.For.Contains(status.Name, StringComparer.Ordinal)
        select (channel, status);

    private async Task<int> DecideAsync(ControlChange change, PipelineChannel channel, SyncStatus status)
    {
        // What was seen may be over: a run that has ended since then is looked at the next time.
        var last = await change.FindAsync<string>(
            $"SELECT run_id FROM run_lasts WHERE name = @Name AND kind = @Kind{change.ForUpdate}", new { status.Name, status.Kind });
        if (last != status.Last?.Id)
        {
            return 0;
        }

        var now = await change.NowAsync();
        var known = await change.ListAsync<Alert>($"{Select} WHERE {Key}", new { Channel = channel.Name, status.Name, status.Kind });
        var decision = AlertRules.Decide(channel, status, known, now);
        var isMine = await CarryOutAsync(change, decision, now);
        if (!isMine || decision.Tell is not { } word || !channel.On.Contains(NotificationWords.EventOf(word)))
        {
            return 0;
        }

        var facts = NotificationFacts.Of(word, status, decision, options.PublicUrl);
        await NotificationRow.AddAsync(change, NotificationRow.New(channel.Name, facts, ControlTime.Read(now)));
        return 1;
    }

    // Another node that does the same at the same time finds nothing left to do.
    private static async Task<bool> CarryOutAsync(ControlChange change, AlertDecision decision, long now)
    {
        var done = 0;
        foreach (var alert in decision.Begun)
        {
            done += await change.ExecuteAsync(
                """
                INSERT INTO alerts (channel, name, kind, problem, since, told_at) VALUES (@Channel, @Name, @Kind, @Problem, @Since, @ToldAt)
                ON CONFLICT (channel, name, kind, problem) DO NOTHING
                """,
                alert);
        }

        foreach (var alert in decision.Repeated)
        {
            done += await change.ExecuteAsync(
                $"UPDATE alerts SET told_at = @Now WHERE {Key} AND problem = @Problem AND told_at = @ToldAt",
                new { alert.Channel, alert.Name, alert.Kind, alert.Problem, alert.ToldAt, Now = now });
        }

        foreach (var alert in decision.Over)
        {
            done += await change.ExecuteAsync($"DELETE FROM alerts WHERE {Key} AND problem = @Problem", alert);
        }

        return done > 0;
    }
}
