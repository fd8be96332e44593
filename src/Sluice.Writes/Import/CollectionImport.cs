using Sluice.CustomerIo;
using Sluice.Engine;
using Sluice.Writes.Journal;
using Sluice.Writes.Sending;

namespace Sluice.Writes.Import;

/// <summary>
/// Replaces a collection's rows. The API writes them as a whole, so that what was there is read first and kept beside the journal, and what is there
/// afterwards is read again and compared.
/// </summary>
internal sealed class CollectionImport(CustomerIoClient client, ImportTarget target)
{
    /// <summary>The request with all rows.</summary>
    /// <exception cref="SluiceException">There are none, or more than a collection takes (kind Config).</exception>
    public async Task<Batch> ReadAsync(IAsyncEnumerable<Batch> batches)
    {
        Batch? only = null;
        await foreach (var batch in batches)
        {
            if (only is not null)
            {
                throw new SluiceException(
                    SluiceErrorKind.Config,
                    $"The rows make more than {target.Operation.MaxBytes / 1_000_000} MB, and no collection may have more.",
                    "Leave columns out, as with --map 'COLUMN=-', or put rows into several collections.");
            }

            only = batch;
        }

        return only ?? throw new SluiceException(
            SluiceErrorKind.Config, "There are no rows for the collection, which stays as it is.", "An empty collection is made in Customer.io.");
    }

    /// <summary>How many rows the collection has that are not among the new ones.</summary>
    public async Task<int> VanishingAsync(Batch batch, CancellationToken cancel)
    {
        var staying = RowsOf(batch).ToHashSet(StringComparer.Ordinal);
        return (await CurrentAsync(cancel)).Count(row => !staying.Contains(row.Canonical));
    }

    /// <summary>Sends the rows, unless they are sent, and says where the former ones are kept.</summary>
    public async Task<SendOutcome> ReplaceAsync(WriteJournal journal, Sender sender, Batch batch, string formerPath, CancellationToken cancel)
    {
        if (journal.State.Find(batch.Number) is { Kind: JournalEntry.Done })
        {
            return new SendOutcome(SendState.Done);
        }

        // A killed import may have replaced them: what was kept before it is what was there.
        if (target.CollectionId is not null && !File.Exists(formerPath))
        {
            await CollectionContent.KeepAsync(await CurrentAsync(cancel), formerPath, cancel);
        }

        await journal.AppendAsync(new JournalEntry
        {
            Kind = JournalEntry.Sent,
            Batch = batch.Number,
            FirstRow = batch.FirstRow,
            LastRow = batch.LastRow,
            Rows = batch.Items.Count,
            Hash = batch.Hash,
        });
        var outcome = await SendAsync(journal, sender, batch);
        var kind = outcome.State switch
        {
            SendState.Done => JournalEntry.Done,
            SendState.Refused => JournalEntry.Refused,
            _ => JournalEntry.Unknown,
        };
        await journal.AppendAsync(new JournalEntry { Kind = kind, Batch = batch.Number, Reason = outcome.Reason });
        if (outcome.State == SendState.Done && target.CollectionId is null)
        {
            await target.LookAgainAsync(client, cancel);
        }

        return outcome;
    }

    /// <summary>The rows that the collection lacks, or all when it is not there.</summary>
    public async Task<IReadOnlyList<Difference>> CompareAsync(Batch batch, CancellationToken cancel)
    {
        var there = (await CurrentAsync(cancel)).GroupBy(row => row.Canonical, StringComparer.Ordinal)
            .ToDictionary(rows => rows.Key, rows => rows.Count(), StringComparer.Ordinal);
        var different = new List<Difference>();
        foreach (var (item, row) in batch.Items.Zip(RowsOf(batch)))
        {
            if (there.TryGetValue(row, out var count) && count > 0)
            {
                there[row] = count - 1;
            }
            else
            {
                different.Add(new Difference(new SentRow(batch.Number, item, null, null, []), "", "is not in the collection as it was sent"));
            }
        }

        return different;
    }

    // Whoever can't know whether a collection was made can look.
    private async Task<SendOutcome> SendAsync(WriteJournal journal, Sender sender, Batch batch)
    {
        SendOutcome outcome;
        try
        {
            outcome = await sender.SendAsync(batch.Body, CancellationToken.None);
        }
        catch (CustomerIoException error) when (!error.MayHaveBeenProcessed)
        {
            await journal.AppendAsync(new JournalEntry { Kind = JournalEntry.NotSent, Batch = batch.Number });
            throw;
        }

        return outcome.State == SendState.Unknown && await target.LookAgainAsync(client, CancellationToken.None)
            ? new SendOutcome(SendState.Done)
            : outcome;
    }

    private async Task<IReadOnlyList<CollectionRow>> CurrentAsync(CancellationToken cancel) =>
        target.CollectionId is { } id ? await CollectionContent.ReadAsync(client, id, cancel) : [];

    private static IEnumerable<string> RowsOf(Batch batch) => batch.Items.Select(item => CollectionRow.Read(batch.BytesOf(item)).Canonical);
}
