using Sluice.Writes.Import;
using Sluice.Writes.Journal;
using Sluice.Writes.Operations;
using Sluice.Writes.Sending;

namespace Sluice.Writes.Push;

/// <summary>Sends the rows of the list, each request journalled, and takes over into the store what became of them.</summary>
internal sealed class PushSending(PushWork work, Operation? removal)
{
    private readonly ImportTarget _target = work.Target;
    private readonly PushJournals _journals = new(work.Settings, work.Time);
    private readonly DifferenceReport _differences = work.Differences;

    public async Task<SentRows> SendAsync(CancellationToken cancel)
    {
        SentRows sent;
        await using (var journal = await _journals.BeginAsync(work.Store, work.Rows.Mapping.IsRepeatable, cancel))
        {
            sent = await (_target.IsCollection ? ReplaceAsync(journal, cancel) : ChangeAsync(journal, cancel));
            work.Rejects.Complete();
            await journal.AppendAsync(new JournalEntry { Kind = JournalEntry.End, Rows = work.Rejects.Count });
        }

        await work.Store.TakeOverAsync(sent.Journal, _target.IsCollection, [.. _differences.Settling.Rows]);
        _journals.ForgetOld();
        return sent;
    }

    private async Task<SentRows> ChangeAsync(WriteJournal journal, CancellationToken cancel)
    {
        var (requests, last) = (0, 0);
        if (removal is not null)
        {
            var dispatch = Dispatch(journal, Sender(removal, isRepeatable: true, []), isRepeatable: true);
            await dispatch.SendAllAsync(work.Pending.ReadAsync(removal, isRemoval: true, 1, cancel), cancel);
            (requests, last) = (dispatch.Requests, dispatch.Requests);
        }

        var removed = journal.State.TakenRows;
        var mapping = work.Rows.Mapping;
        var sending = Dispatch(journal, Sender(_target.Operation, mapping.IsRepeatable, _target.Query(mapping)), mapping.IsRepeatable);
        IAsyncEnumerable<Batch> Batches() => work.Pending.ReadAsync(_target.Operation, isRemoval: false, last + 1, cancel);
        var rows = await work.Changes.ListedAsync(isRemoval: false, cancel);
        var verification = work.IsReadBack && rows > 0 ? new Verification(work.ReadBack, journal.State, _differences, work.Progress) : null;
        var isSample = work.Settings.Import.Verify == VerifyMode.Sample;
        await sending.SendAllAsync(verification is not null && isSample ? verification.SampleAsync(Batches(), rows) : Batches(), cancel);
        return new SentRows(journal.State)
        {
            Removed = removed,
            Requests = requests + sending.Requests,
            Verification = verification is null ? null
                : isSample ? await verification.CheckSampleAsync(cancel)
                : await verification.CheckAllAsync(Batches(), cancel),
        };
    }

    private async Task<SentRows> ReplaceAsync(WriteJournal journal, CancellationToken cancel)
    {
        var collection = new CollectionImport(work.Client, _target);
        var former = _journals.FormerContentOf(journal.State.Id);
        var batch = await collection.ReadAsync(work.Pending.ReadAsync(_target.Operation, isRemoval: false, 1, cancel));
        var outcome = await collection.ReplaceAsync(journal, Sender(_target.Operation, work.Rows.Mapping.IsRepeatable, []), batch, former, cancel);
        foreach (var item in batch.Items.Where(_ => outcome.State == SendState.Refused))
        {
            work.Rejects.Add(item.File, item.Line, "", $"Customer.io has refused the request: {outcome.Reason}", item.Key);
        }

        return new SentRows(journal.State)
        {
            Requests = 1,
            FormerContent = File.Exists(former) ? former : null,
            Verification = outcome.State == SendState.Done && work.IsReadBack
                ? await _differences.OfCollectionAsync(collection, batch, cancel)
                : null,
        };
    }

    private Dispatch Dispatch(WriteJournal journal, Sender sender, bool isRepeatable) =>
        new(journal, sender, isRepeatable, work.Rejects, work.Progress);

    private Sender Sender(Operation operation, bool isRepeatable, IReadOnlyList<KeyValuePair<string, string>> query) =>
        new(work.Client, operation, isRepeatable) { RouteValues = _target.RouteValues, Query = query, Api = _target.Api };
}

/// <summary>What became of the rows that were sent.</summary>
/// <param name="Journal">What is known of the requests.</param>
internal sealed record SentRows(JournalState Journal)
{
    public long Removed { get; init; }

    public int Requests { get; init; }

    public string? FormerContent { get; init; }

    public VerificationReport? Verification { get; init; }
}
