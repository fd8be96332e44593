using Sluice.CustomerIo;
using Sluice.Engine;
using Sluice.Writes.Import;
using Sluice.Writes.Journal;
using Sluice.Writes.Operations;

namespace Sluice.Writes.Push;

/// <summary>
/// Sends the rows of a source that have changed since the last push. What was sent is kept with what became of it: after a kill the next run takes
/// that over from the journal, compares anew, and sends what is left.
/// </summary>
public sealed class PushRun : IAsyncDisposable
{
    private const int Samples = 3;
    private const int MostUnknown = 1000;

    private readonly PushWork _work;
    private readonly JournalState? _former;

    private PushRun(PushWork work, JournalState? former) => (_work, _former) = (work, former);

    /// <summary>How far it is.</summary>
    public ImportProgress Progress => _work.Progress;

    private PushSettings Settings => _work.Settings;

    private PushCounts Counts => _work.Rows.Counts;

    private ImportTarget Target => _work.Target;

    private Operation? Removal => Settings.ModeOrDefault == PushMode.Mirror ? OperationCatalog.FindRemoval(Target.Operation.Name) : null;

    private bool IsDifferent => Settings.IsFullRefresh || Counts.New + Counts.Changed + Counts.Vanished > 0;

    private bool AsksFirst => Settings.ModeOrDefault == PushMode.Update;

    /// <summary>Reads the source, and finds out what differs from what was pushed before; nothing is sent.</summary>
    /// <exception cref="SluiceException">The source can't be read, or what was said does not go together (kind Config), or another process is at
    /// work on this push.</exception>
    public static Task<PushRun> PrepareAsync(PushSettings settings, CustomerIoClient client, TimeProvider time, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(client);
        return PushStore.TellAsync(() => ReadAsync(settings, client, time, cancel));
    }

    private static async Task<PushRun> ReadAsync(PushSettings settings, CustomerIoClient client, TimeProvider time, CancellationToken cancel)
    {
        var mistakes = new ValidationErrors();
        PushRules.Check(settings.Import.Target, settings.Mode, settings.Key, mistakes);
        mistakes.ThrowIfAny();
        var target = await ImportTarget.FindAsync(settings.Import, client, cancel);
        var store = await PushStore.OpenAsync(settings, cancel);
        try
        {
            var former = await new PushJournals(settings, time).TakeOverAsync(store, target.IsCollection, cancel);
            var (rows, rejects) = await PreparedRows.ReadAsync(settings, target, store, cancel);
            var work = new PushWork(settings, client, time, target, store) { Rows = rows, Rejects = rejects };
            return new PushRun(work, former);
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    /// <summary>Says what would be sent, and sends nothing.</summary>
    public Task<PushPlan> PlanAsync(CancellationToken cancel) => PushStore.TellAsync(() => ListAndPriceAsync(cancel));

    private async Task<PushPlan> ListAndPriceAsync(CancellationToken cancel)
    {
        await ListAsync(cancel);
        var removed = Removal is { } removal ? await PriceAsync(removal, isRemoval: true, cancel) : default;
        var sent = await PriceAsync(Target.Operation, isRemoval: false, cancel);
        var readBack = !_work.IsReadBack ? 0
            : Settings.Import.Verify == VerifyMode.Sample ? Math.Min(sent.Rows, _work.ReadBack.SampleRows)
            : sent.Rows;
        return new PushPlan
        {
            Call = CallOf(Target.Operation),
            RemovalCall = Removal is { } taking ? CallOf(taking) : null,
            Mode = Settings.ModeOrDefault,
            Rows = _work.Rows.Rows,
            Counts = Counts,
            Sent = sent.Rows,
            Removed = removed.Rows,
            Rejected = _work.Rejects.Count,
            FirstRejected = _work.Rejects.First,
            Requests = sent.Requests + removed.Requests,
            Bytes = sent.Bytes + removed.Bytes,
            AskingRequests = AsksFirst && sent.Rows > 0 ? _work.ReadBack.Requests(sent.Rows) : 0,
            ReadBackRequests = readBack == 0 ? 0 : _work.ReadBack.Requests(readBack),
            Samples = await _work.Changes.SamplesAsync(Removal, Samples, cancel),
            Warnings = [.. await WarningsAsync(cancel), .. ChangedButSent()],
            Undone = [.. new[] { sent.Rows > 0 ? Target.Operation.Undone : null, removed.Rows > 0 ? Removal!.Undone : null }.OfType<string>()],
            Destruction = await DestructionAsync(cancel),
        };
    }

    /// <summary>What would be destroyed or repeated, which somebody must agree to; null for nothing.</summary>
    public async Task<Destruction?> DestructionAsync(CancellationToken cancel)
    {
        if (!Target.IsCollection)
        {
            return PushGuard.Of(Settings, Removal, Counts, _work.Rows.Rows);
        }

        // Rows that no push has made are lost with the first one. Without any rows nothing is sent.
        if (Target.CollectionId is null || Counts.Known > 0 || _work.Rows.Rows == 0)
        {
            return _work.Rows.Rows == 0 ? null : PushGuard.Of(Settings, null, Counts, _work.Rows.Rows);
        }

        await ListAsync(cancel);
        var collection = new CollectionImport(_work.Client, Target);
        var batch = await collection.ReadAsync(_work.Pending.ReadAsync(Target.Operation, isRemoval: false, 1, cancel));
        var vanishing = await collection.VanishingAsync(batch, cancel);
        return vanishing == 0 ? null : new Destruction(vanishing, $"{vanishing} rows that the collection has now are not in the source.");
    }

    /// <summary>Sends what has changed, and reads it back.</summary>
    /// <param name="cancel">Lets no further request begin; those that are on their way are waited for.</param>
    /// <exception cref="SluiceException">The journal or the file of rejected rows can't be written, or Customer.io can't be reached.</exception>
    /// <exception cref="OperationCanceledException">It was stopped; the next push goes on.</exception>
    public Task<PushReport> RunAsync(CancellationToken cancel) => PushStore.TellAsync(() => ListAndSendAsync(cancel));

    private async Task<PushReport> ListAndSendAsync(CancellationToken cancel)
    {
        var started = _work.Time.GetTimestamp();
        await ListAsync(cancel);
        var warnings = await WarningsAsync(cancel);
        var absent = AsksFirst ? await ExistingPeople.LeaveOutOthersAsync(_work.Store, _work.ReadBack, cancel) : 0;
        Progress.All = await _work.Store.CountAsync("SELECT count(*) FROM pending", cancel);
        var sent = Progress.All > 0 ? await new PushSending(_work, Removal).SendAsync(cancel) : null;
        _work.Rejects.Complete();
        return new PushReport
        {
            JournalId = sent?.Journal.Id,
            Rows = _work.Rows.Rows,
            Counts = Counts,
            Taken = (sent?.Journal.TakenRows ?? 0) - (sent?.Removed ?? 0),
            Removed = sent?.Removed ?? 0,
            Absent = absent,
            Rejected = _work.Rejects.Count,
            FirstRejected = _work.Rejects.First,
            Unknown = (sent?.Journal.UnknownRows ?? 0) + (_former?.UnknownRows ?? 0),
            UnknownKeys = await UnknownKeysAsync([_former?.Id, sent?.Journal.Id], cancel),
            Requests = sent?.Requests ?? 0,
            Duration = _work.Time.GetElapsedTime(started),
            Warnings = warnings,
            Verification = sent?.Verification,
            FormerContent = sent?.FormerContent,
        };
    }

    /// <summary>Reads back rows that were pushed, and compares them with the source.</summary>
    /// <exception cref="SluiceException">What was pushed can't be read back (kind Config).</exception>
    public Task<PushAuditReport> AuditAsync(CancellationToken cancel) =>
        PushStore.TellAsync(() => PushAudit.RunAsync(_work, cancel));

    /// <summary>Gives the push free for others.</summary>
    public async ValueTask DisposeAsync()
    {
        _work.Rejects.Dispose();
        await _work.Store.DisposeAsync();
    }

    // A collection is written as a whole, or not at all.
    private Task ListAsync(CancellationToken cancel) => _work.Changes.ListAsync(isWhole: Target.IsCollection && IsDifferent, cancel);

    private async Task<(long Rows, int Requests, long Bytes)> PriceAsync(Operation operation, bool isRemoval, CancellationToken cancel)
    {
        var price = (Rows: 0L, Requests: 0, Bytes: 0L);
        await foreach (var batch in _work.Pending.ReadAsync(operation, isRemoval, 1, cancel))
        {
            price = (price.Rows + batch.Items.Count, price.Requests + 1, price.Bytes + batch.Body.Length);
        }

        return price;
    }

    private IEnumerable<string> ChangedButSent() =>
        Settings is { ModeOrDefault: PushMode.Append, IsFullRefresh: false } && Counts.Changed > 0
            ? ["Rows that have changed are not sent: append sends the row of each key once."]
            : [];

    private string CallOf(Operation operation) => $"{operation.Method} {Target.RouteOf(operation)}";

    private async Task<IReadOnlyList<string>> WarningsAsync(CancellationToken cancel)
    {
        var emptied = Settings.Import.ClearsNulls || Target.IsCollection ? 0 : await _work.Changes.EmptiedAsync(cancel);
        return
        [
            .. Target.NewName is { } name ? [$"There is no collection '{name}': it is made."] : Array.Empty<string>(),
            .. emptied == 0 ? [] : new[]
            {
                $"{emptied:N0} changed row{(emptied == 1 ? " has" : "s have")} fewer values than when pushed before: what is empty now stays in "
                    + "Customer.io as it was. With nulls: clear in the pipeline file it would be taken away.",
            },
            .. _work.Rows.Doubts,
        ];
    }

    private Task<IReadOnlyList<string>> UnknownKeysAsync(IEnumerable<string?> journals, CancellationToken cancel) =>
        _work.Store.UnknownKeysAsync(journals.OfType<string>(), MostUnknown, cancel);
}
