using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Sluice.Writes.Import;
using Sluice.Writes.Operations;

namespace Sluice.Writes.Push;

/// <summary>The rows of the list as requests.</summary>
internal sealed class PendingBatches(PushStore store)
{
    // Their bytes are in memory: 32 kB each at most.
    private const int RowsAtOnce = 500;

    /// <summary>Cuts rows into requests.</summary>
    /// <param name="operation">What is done with them.</param>
    /// <param name="isRemoval">Whether they are those that are removed.</param>
    /// <param name="number">The number of the first request.</param>
    /// <param name="cancel">Stops reading.</param>
    public async IAsyncEnumerable<Batch> ReadAsync(
        Operation operation, bool isRemoval, int number, [EnumeratorCancellation] CancellationToken cancel)
    {
        var batch = new BatchBuilder(operation, number);
        await foreach (var row in RowsAsync(isRemoval, cancel))
        {
            ReadOnlyMemory<byte> item = isRemoval ? RemovedItem.Write(operation, row.Item) : Encoding.UTF8.GetBytes(row.Item);
            if (!batch.HasRoomFor(item.Length))
            {
                yield return batch.Complete();
            }

            // Each key is there once: no request can overtake another that changes the same.
            batch.Add(row.Place, item.Span, null);
        }

        if (!batch.IsEmpty)
        {
            yield return batch.Complete();
        }
    }

    /// <summary>Reads the rows in their order, some at a time, so that the store can be written in between.</summary>
    public async IAsyncEnumerable<PendingRow> RowsAsync(bool isRemoval, [EnumeratorCancellation] CancellationToken cancel)
    {
        var all = await store.CountAsync("SELECT count(*) FROM pending", cancel);
        for (var first = 1L; first <= all; first += RowsAtOnce)
        {
            foreach (var row in await RowsAsync(first, first + RowsAtOnce - 1, isRemoval, cancel))
            {
                yield return row;
            }
        }
    }

    /// <summary>Reads the rows of some numbers.</summary>
    public Task<IReadOnlyList<PendingRow>> RowsAsync(long first, long last, bool isRemoval, CancellationToken cancel) => store.ListAsync(
        string.Create(
            CultureInfo.InvariantCulture,
            $"""
            SELECT n, file, line, item, start, length, key FROM pending WHERE n BETWEEN {first} AND {last} AND is_removal = {isRemoval} ORDER BY n
            """),
        row => new PendingRow(
            new BatchItem(row.GetInt64(0), row.GetInt32(1), row.GetInt64(2)) { Key = SourceRows.Shown(row.GetString(6)) },
            isRemoval ? row.GetString(3) : store.Items.Read(row.GetInt64(4), row.GetInt32(5))),
        cancel);
}

/// <summary>A row of the list.</summary>
/// <param name="Place">Its number in the list, and where it stands in the source.</param>
/// <param name="Item">What is sent for it, or of one that is removed what was sent for it.</param>
internal sealed record PendingRow(BatchItem Place, string Item);
