using Sluice.CustomerIo;
using Sluice.Engine;
using Sluice.Writes.Journal;
using Sluice.Writes.Statements;

namespace Sluice.Writes.Sync;

/// <summary>
/// Makes a table and a collection, or snippets, the same: each side gets what the other has changed since the last run. The table's changes are made
/// in one transaction, which is committed when Customer.io has taken its own; the state of the run is written before and after. Killed anywhere, the
/// same command ends with the same two sides.
/// </summary>
public sealed class TwoWayRun(TwoWaySettings settings, CustomerIoClient client, TimeProvider time)
{
    private const int MostAttempts = 5;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Says what would be changed, and changes nothing.</summary>
    /// <exception cref="SluiceException">A side can't be read, or its rows can't be paired.</exception>
    public async Task<TwoWayReport> PlanAsync(CancellationToken cancel)
    {
        var remote = await RemoteAsync(cancel);
        var sides = await TwoSides.ReadAsync(settings, remote, cancel);
        var plan = sides.Plan(SyncStateFile.Read(settings).Of(remote.Collection).Settle(sides.Database, sides.CustomerIo));
        _ = remote.Calls([.. plan.To(SyncSide.CustomerIo)], sides.Shape, sides.CustomerIoRows);
        return Report(plan, _ => null);
    }

    /// <summary>Changes both sides.</summary>
    /// <param name="cancel">Stops it before something is changed.</param>
    /// <exception cref="SluiceException">A side can't be read or written, or its rows can't be paired.</exception>
    public async Task<TwoWayReport> RunAsync(CancellationToken cancel)
    {
        using var file = SyncStateFile.Open(settings);
        var remote = await RemoteAsync(cancel);
        for (var attempt = 1; ; attempt++)
        {
            var sides = await TwoSides.ReadAsync(settings, remote, cancel);
            var before = file.Read().Of(remote.Collection);
            var state = before.Settle(sides.Database, sides.CustomerIo);
            var plan = sides.Plan(state);
            if (plan.Moves.Count == 0)
            {
                End(file, before, state with { Rows = RowsOf(plan, sides, state) });
                return Report(plan, _ => null);
            }

            if (await ChangeAsync(file, remote, sides, state, plan, cancel) is { } report)
            {
                return report;
            }

            if (attempt == MostAttempts)
            {
                throw new SluiceException(
                    SluiceErrorKind.Destination,
                    $"While {settings.Name} was read, somebody else changed a side, time and again. Nothing was changed.",
                    "Run the same command again when it is quiet.")
                {
                    IsTransient = true,
                };
            }
        }
    }

    private async Task<RemoteSide> RemoteAsync(CancellationToken cancel) =>
        settings.Collection is null ? new SnippetSide(client) : await CollectionSide.FindAsync(client, settings, cancel);

    // Null when a side is not any more what the plan was made for.
    private async Task<TwoWayReport?> ChangeAsync(
        SyncStateFile file, RemoteSide remote, TwoSides sides, SyncState state, SyncPlan plan, CancellationToken cancel)
    {
        var sent = plan.To(SyncSide.CustomerIo).ToList();
        var calls = remote.Calls(sent, sides.Shape, sides.CustomerIoRows);
        await using var change = await TableChange.BeginAsync(settings, sides, [.. plan.To(SyncSide.Database)], cancel);
        if (change is null || (sent.Count > 0 && !sides.IsSame(await remote.ReadAsync(cancel))))
        {
            return null;
        }

        cancel.ThrowIfCancellationRequested();
        file.Write(state with { Pending = PendingOf(plan, change) });
        if (sent.Count > 0)
        {
            await remote.KeepAsync(sides.CustomerIoRows, file.FormerContent, CancellationToken.None);
        }

        var sending = CallSettings(remote);
        var report = await new CallRun(client, sending, time).RunAsync(calls, CancellationToken.None);
        var failures = await FailuresAsync(remote, sides.Shape, sent, report);
        await change.CommitAsync();
        var arrived = plan.Moves.Where(move => !failures.ContainsKey(move.Key)).ToList();
        file.Write(state with { At = time.GetUtcNow(), Rows = RowsOf(plan, sides, state, arrived, change) });
        new JournalFolder(settings.WorkFolder).ForgetOld(sending.Source, sending.Target);
        return Report(plan, failures.GetValueOrDefault) with
        {
            Notes = change.Notes,
            JournalId = report.JournalId,
            FormerContent = sent.Count > 0 && File.Exists(file.FormerContent) ? file.FormerContent : null,
        };
    }

    private CallSettings CallSettings(RemoteSide remote) => new()
    {
        WorkFolder = settings.WorkFolder,
        Workspace = settings.Workspace,
        Statement = SyncStateFile.IdOf(settings),
        Source = $"two-way {settings.Name}",
        Target = remote.Target,
        Continues = true,
    };

    // Only reading back shows what has become of a call.
    private async Task<IReadOnlyDictionary<string, string>> FailuresAsync(
        RemoteSide remote, RowShape shape, IReadOnlyList<RowMove> sent, CallReport report)
    {
        var failures = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var outcome in report.Outcomes.Where(one => one.State is not (CallState.Done or CallState.DoneBefore)))
        {
            foreach (var row in outcome.Call.Rows)
            {
                failures[sent[(int)row].Key] = outcome.Reason ?? "Customer.io has not taken it";
            }
        }

        var open = sent.Where(move => !failures.ContainsKey(move.Key)).ToList();
        for (var began = time.GetTimestamp(); open.Count > 0;)
        {
            var there = shape.Paired(settings.TargetTitle, await remote.ReadAsync(CancellationToken.None));
            open = [.. open.Where(move => there.GetValueOrDefault(move.Key)?.Print != move.From?.Print)];
            if (open.Count > 0 && time.GetElapsedTime(began) >= settings.Patience)
            {
                break;
            }

            await Task.Delay(open.Count > 0 ? Pause : TimeSpan.Zero, time);
        }

        foreach (var move in open)
        {
            failures[move.Key] = "Customer.io has taken the call, and the row is not there as it was sent";
        }

        return failures;
    }

    private static Dictionary<string, PendingRow> PendingOf(SyncPlan plan, TableChange change) => plan.Moves.ToDictionary(
        move => RowShape.Hidden(move.Key),
        move => new PendingRow(move.To, change.PrintOf(move), move.From?.Print),
        StringComparer.Ordinal);

    // What is in conflict, or did not arrive, keeps what it was at the last run.
    private static Dictionary<string, RowPrints> RowsOf(
        SyncPlan plan, TwoSides sides, SyncState state, IReadOnlyList<RowMove>? arrived = null, TableChange? change = null)
    {
        var rows = new Dictionary<string, RowPrints>(StringComparer.Ordinal);
        foreach (var key in sides.Database.Keys.Union(sides.CustomerIo.Keys, StringComparer.Ordinal).Where(key => !plan.Alike.ContainsKey(key)))
        {
            if (state.Find(key) is { } last)
            {
                rows[RowShape.Hidden(key)] = last;
            }
        }

        foreach (var (key, row) in plan.Alike)
        {
            rows[RowShape.Hidden(key)] = new RowPrints(row.Print, sides.CustomerIo[key].Print);
        }

        foreach (var move in arrived ?? [])
        {
            rows.Remove(RowShape.Hidden(move.Key));
            if (move.From is { } row && change!.PrintOf(move) is { } print)
            {
                rows[RowShape.Hidden(move.Key)] = new RowPrints(print, row.Print);
            }
        }

        return rows;
    }

    private void End(SyncStateFile file, SyncState before, SyncState after)
    {
        var isSame = before.Pending.Count == 0 && before.Rows.Count == after.Rows.Count
            && after.Rows.All(row => before.Rows.GetValueOrDefault(row.Key) == row.Value);
        if (!isSame || before.At is null)
        {
            file.Write(after with { At = time.GetUtcNow() });
        }
    }

    private static TwoWayReport Report(SyncPlan plan, Func<string, string?> failureOf) => new()
    {
        Moved =
        [
            .. plan.Moves.Select(move => new MovedRow(move.Name, move.To, move.Verb, move.Target?.Formed, move.From?.Formed)
            {
                Failure = failureOf(move.Key),
            }),
        ],
        Conflicts = plan.Conflicts,
        Kept = plan.Kept,
        Alike = plan.Alike.Count,
    };
}
