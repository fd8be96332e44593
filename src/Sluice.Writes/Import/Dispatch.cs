using System.Globalization;
using Sluice.CustomerIo;
using Sluice.Engine;
using Sluice.Writes.Journal;
using Sluice.Writes.Sending;

namespace Sluice.Writes.Import;

/// <summary>Sends requests side by side, each journalled before and after, and lets none overtake another that changes the same person.</summary>
internal sealed class Dispatch(WriteJournal journal, Sender sender, bool isRepeatable, RejectFile rejects, ImportProgress progress)
{
    // At 100 requests a second these cover answers of 300 ms, or of 200 ms where each has the most bytes that Customer.io takes. What can't be
    // repeated is lost from sight with a kill: few at a time.
    private const int InFlight = 32;
    private const int BytesInFlight = 10_000_000;
    private const int InFlightUnrepeatable = 4;
    private const int UnknownInARow = 5;

    private readonly Dictionary<int, JournalEntry> _former = journal.State.Batches.ToDictionary(one => one.Batch);
    private readonly Dictionary<ulong, Task> _keys = [];
    private readonly List<(Batch Batch, Task Task)> _running = [];
    private int _unknownInARow;

    /// <summary>Requests that were made.</summary>
    public int Requests { get; private set; }

    /// <summary>Requests that an earlier run had made.</summary>
    public int AlreadyDone { get; private set; }

    /// <summary>Sends all that is not done, and waits for what is on its way even when it fails or is stopped.</summary>
    public async Task SendAllAsync(IAsyncEnumerable<Batch> batches, CancellationToken cancel)
    {
        try
        {
            await foreach (var batch in batches)
            {
                cancel.ThrowIfCancellationRequested();
                if (await IsOverAsync(batch))
                {
                    AlreadyDone++;
                    progress.Add(batch.LastRow - batch.FirstRow + 1);
                    continue;
                }

                await MakeRoomAsync(batch);
                Begin(batch);
            }
        }
        finally
        {
            // A request that is given up half-way would be one of which nobody knows.
            await Task.WhenAll(_running.Select(one => one.Task)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await Task.WhenAll(_running.Select(one => one.Task));
    }

    private bool IsFull =>
        _running.Count >= (isRepeatable ? InFlight : InFlightUnrepeatable) || _running.Sum(one => one.Batch.Body.Length) >= BytesInFlight;

    // What an earlier run knows of a request decides whether it is sent.
    private async Task<bool> IsOverAsync(Batch batch)
    {
        if (!_former.TryGetValue(batch.Number, out var former))
        {
            return false;
        }

        if (former.Hash != batch.Hash)
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                $"Request {batch.Number} of this import is not what the journal {journal.State.Id} says: another version of Sluice began it.",
                $"'sluice writes show {journal.State.Id}' tells what was sent, and 'sluice writes forget' lets it begin anew.");
        }

        switch (former.Kind)
        {
            case JournalEntry.Sent when isRepeatable:
                return false;
            case JournalEntry.Sent:
                await AppendAsync(batch, JournalEntry.Unknown, "The process ended before there was an answer");
                return true;
            case JournalEntry.Done:
                Reject(former.Failed ?? [], batch);
                return true;
            case JournalEntry.Refused:
                RejectAll(batch, former.Reason ?? "");
                return true;
            default:
                return true;
        }
    }

    private async Task MakeRoomAsync(Batch batch)
    {
        foreach (var before in batch.Keys.Select(key => _keys.GetValueOrDefault(key)).OfType<Task>().Distinct().ToList())
        {
            await before;
        }

        while (IsFull)
        {
            await Task.WhenAny(_running.Select(one => one.Task));
            foreach (var (done, task) in _running.Where(one => one.Task.IsCompleted).ToList())
            {
                _running.Remove((done, task));
                Forget(done, task);
                await task;
            }
        }
    }

    private void Begin(Batch batch)
    {
        Requests++;
        var task = SendAsync(batch);
        _running.Add((batch, task));
        foreach (var key in batch.Keys)
        {
            _keys[key] = task;
        }
    }

    private void Forget(Batch batch, Task task)
    {
        foreach (var key in batch.Keys.Where(key => _keys.GetValueOrDefault(key) == task))
        {
            _keys.Remove(key);
        }
    }

    private async Task SendAsync(Batch batch)
    {
        await journal.AppendAsync(new JournalEntry
        {
            Kind = JournalEntry.Sent,
            Batch = batch.Number,
            FirstRow = batch.FirstRow,
            LastRow = batch.LastRow,
            Rows = batch.Items.Count,
            Hash = batch.Hash,
        });
        try
        {
            await KeepAsync(batch, await sender.SendAsync(batch.Body, CancellationToken.None));
            progress.Add(batch.LastRow - batch.FirstRow + 1);
        }
        catch (CustomerIoException error) when (!error.MayHaveBeenProcessed)
        {
            await AppendAsync(batch, JournalEntry.NotSent, null);
            throw;
        }
    }

    private async Task KeepAsync(Batch batch, SendOutcome outcome)
    {
        switch (outcome.State)
        {
            case SendState.Done:
                var failed = outcome.Failures.Select(one => RowOf(batch, one)).ToList();
                await journal.AppendAsync(
                    new JournalEntry { Kind = JournalEntry.Done, Batch = batch.Number, Failed = failed.Count > 0 ? failed : null });
                Reject(failed, batch);
                Volatile.Write(ref _unknownInARow, 0);
                break;
            case SendState.Refused:
                await AppendAsync(batch, JournalEntry.Refused, outcome.Reason);
                RejectAll(batch, outcome.Reason ?? "");
                break;
            default:
                await AppendAsync(batch, JournalEntry.Unknown, outcome.Reason);
                ThrowIfHopeless(outcome.Reason);
                break;
        }
    }

    // A server that is down would make all that is left unknown.
    private void ThrowIfHopeless(string? reason)
    {
        if (Interlocked.Increment(ref _unknownInARow) >= UnknownInARow)
        {
            throw new SluiceException(
                SluiceErrorKind.Api,
                string.Create(CultureInfo.InvariantCulture, $"{UnknownInARow} requests in a row had no answer. The last one: {reason}"),
                "Nothing more was sent. Run the same command again when Customer.io answers: what is unknown is not sent again.");
        }
    }

    private Task AppendAsync(Batch batch, string kind, string? reason) =>
        journal.AppendAsync(new JournalEntry { Kind = kind, Batch = batch.Number, Reason = reason });

    private static RefusedRow RowOf(Batch batch, ItemFailure failure) => failure.Index >= 0 && failure.Index < batch.Items.Count
        ? new RefusedRow(batch.Items[failure.Index].Row, batch.Items[failure.Index].Line, failure.Field, failure.Message)
        : new RefusedRow(0, batch.Items[0].Line, failure.Field, $"One of rows {batch.FirstRow} to {batch.LastRow}: {failure.Message}");

    private void Reject(IReadOnlyList<RefusedRow> failed, Batch batch)
    {
        foreach (var row in failed)
        {
            var item = batch.Items.FirstOrDefault(item => item.Row == row.Row, batch.Items[0] with { Key = null });
            rejects.Add(item.File, row.Line, row.Field, $"Customer.io: {row.Reason}", item.Key);
        }
    }

    private void RejectAll(Batch batch, string reason)
    {
        foreach (var item in batch.Items)
        {
            rejects.Add(item.File, item.Line, "", $"Customer.io has refused the request: {reason}", item.Key);
        }
    }
}
