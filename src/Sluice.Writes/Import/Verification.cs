using System.Globalization;
using Sluice.Writes.Journal;

namespace Sluice.Writes.Import;

/// <summary>How much of what was sent is read back.</summary>
public enum VerifyMode
{
    /// <summary>Some rows, spread over the source.</summary>
    Sample,

    /// <summary>Every row.</summary>
    All,

    /// <summary>Nothing.</summary>
    None,
}

/// <summary>
/// Reads back what was sent and names what did not arrive. Customer.io answers when a change is queued, so that it may take a while, and what it
/// drops later (a suppressed person, an identifier that is somebody else's) shows nowhere else.
/// </summary>
internal sealed class Verification(ReadBack readBack, JournalState? journal, DifferenceReport report, ImportProgress progress)
{
    private const int MostDifferent = 20_000;

    // What is to be compared, and what differed so far: a later row of the same person may be why.
    private readonly Dictionary<string, SentRow> _open = new(StringComparer.Ordinal);
    private readonly HashSet<string> _differed = new(StringComparer.Ordinal);
    private long _rows;

    /// <summary>Lets requests pass, and keeps rows of them at even distances.</summary>
    /// <param name="batches">The requests.</param>
    /// <param name="rows">Rows of all of them.</param>
    public async IAsyncEnumerable<Batch> SampleAsync(IAsyncEnumerable<Batch> batches, long rows)
    {
        var step = Math.Max(1, (rows + readBack.SampleRows - 1) / readBack.SampleRows);
        await foreach (var batch in batches)
        {
            foreach (var item in _open.Keys.Select(batch.Find).OfType<BatchItem>().ToList())
            {
                Take(batch, item);
            }

            foreach (var item in batch.Items.Where(item => item.Row % step == step / 2))
            {
                _rows++;
                Take(batch, item);
            }

            yield return batch;
        }
    }

    /// <summary>Compares the rows that were kept.</summary>
    public async Task<VerificationReport> CheckSampleAsync(CancellationToken cancel)
    {
        await report.Settling.TryAsync(() => report.Settling.SettleAsync(CompareOpenAsync, cancel));
        return report.Write(isSample: true, _rows);
    }

    /// <summary>Compares all rows of requests that Customer.io has taken.</summary>
    public async Task<VerificationReport> CheckAllAsync(IAsyncEnumerable<Batch> batches, CancellationToken cancel)
    {
        await report.Settling.TryAsync(async () =>
        {
            await foreach (var batch in batches)
            {
                await CheckAsync(batch, cancel);
                if (_differed.Count > MostDifferent)
                {
                    report.Settling.Problem = string.Create(
                        CultureInfo.InvariantCulture, $"Reading back ended at row {batch.LastRow}, because more than {MostDifferent} rows differ.");
                    break;
                }
            }

            await report.Settling.SettleAsync(CompareOpenAsync, cancel);
        });
        return report.Write(isSample: false, _rows);
    }

    private async Task CheckAsync(Batch batch, CancellationToken cancel)
    {
        foreach (var item in batch.Items.Where(item => IsTaken(batch.Number, item)))
        {
            _rows++;
            Take(batch, item);
        }

        if (_open.Count - _differed.Count >= readBack.RowsAtOnce)
        {
            await CompareAsync([.. _open.Keys.Where(key => !_differed.Contains(key))], cancel);
        }
    }

    // Of several rows of a person the last one wins, and what only the first has stays.
    private void Take(Batch batch, BatchItem item)
    {
        var row = SentRow.Read(batch, item);
        var key = row.Key(readBack.IgnoresCase);
        _open[key] = _open.TryGetValue(key, out var earlier) ? earlier.With(row) : row;
    }

    // What Customer.io has refused is told already. Without a journal all that is asked for was sent before.
    private bool IsTaken(int batch, BatchItem item) =>
        journal is null
        || (journal.Find(batch) is { Kind: JournalEntry.Done } done && !(done.Failed?.Any(failed => failed.Row == item.Row) ?? false));

    private async Task<IReadOnlyList<Difference>> CompareAsync(IReadOnlyList<string> keys, CancellationToken cancel)
    {
        var different = new List<Difference>();
        foreach (var part in keys.Chunk(readBack.RowsAtOnce))
        {
            var found = await readBack.CompareAsync([.. part.Select(key => _open[key]).Where(row => IsTaken(row.Batch, row.Item))], cancel);
            different.AddRange(found);
            var differing = found.Select(one => one.Row.Key(readBack.IgnoresCase)).ToHashSet(StringComparer.Ordinal);
            foreach (var key in part)
            {
                if (differing.Contains(key))
                {
                    _differed.Add(key);
                }
                else
                {
                    _open.Remove(key);
                    _differed.Remove(key);
                }
            }

            progress.ReadBack = _rows - _open.Count;
        }

        return different;
    }

    private Task<IReadOnlyList<Difference>> CompareOpenAsync(CancellationToken cancel) => CompareAsync([.. _open.Keys], cancel);
}
