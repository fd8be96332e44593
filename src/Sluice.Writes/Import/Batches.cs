using System.Buffers;
using System.Runtime.CompilerServices;

namespace Sluice.Writes.Import;

/// <summary>Cuts the rows into requests: the same rows always into the same ones, so that a later run finds those again that are done.</summary>
internal sealed class Batches(ImportSource source, SourceSurvey survey, ImportMapping mapping, ImportSettings settings, RejectFile rejects)
{
    private readonly RowWriter _writer = new(mapping, settings, survey.Clashes);

    public long Rows { get; private set; }

    public long Merged { get; private set; }

    /// <summary>What somebody should know before it is sent.</summary>
    public IEnumerable<string> Warnings =>
    [
        .. _writer.Cleared.Select(one => $"{one.Key} has no value in {one.Value:N0} rows: the attribute is taken away there."),
        .. _writer.Doubts,
    ];

    public async IAsyncEnumerable<Batch> ReadAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        var place = new SourceRow(mapping.Columns.Count);
        var (batch, item) = (new BatchBuilder(mapping.Operation), new ArrayBufferWriter<byte>());
        await foreach (var row in source.ReadAsync(mapping.Columns, place, survey.BadLines, cancel))
        {
            Rows++;
            rejects.AddPassed(place);
            item.ResetWrittenCount();
            if (_writer.Write(row, item) is { } problem)
            {
                rejects.Add(row.File, row.Line, problem.Column, problem.Reason);
                continue;
            }

            if (!batch.HasRoomFor(item.WrittenCount))
            {
                yield return Completed(batch);
            }

            batch.Add(new BatchItem(row.Number, row.File, row.Line), item.WrittenSpan, _writer.Key);
        }

        rejects.AddPassed(place);
        if (!batch.IsEmpty)
        {
            yield return Completed(batch);
        }
    }

    private Batch Completed(BatchBuilder builder)
    {
        var batch = builder.Complete();
        Merged += batch.Merged;
        return batch;
    }
}
