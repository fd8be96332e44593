using System.Buffers;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Sluice.Writes.Import;

/// <summary>Cuts the rows into requests: the same rows always into the same ones, so that a later run finds those again that are done.</summary>
internal sealed class Batches(ImportSource source, SourceSurvey survey, ImportMapping mapping, ImportSettings settings, RejectFile rejects)
{
    private readonly RowWriter _writer = new(mapping, settings, survey.Clashes);

    public long Rows { get; private set; }

    public long Merged { get; private set; }

    /// <summary>What somebody should know before it is sent.</summary>
    public IEnumerable<string> Warnings => [.. _writer.Doubts.Cleared, .. _writer.Doubts.Milliseconds];

    /// <summary>Makes the requests in their order, each while the one before it is journalled and sent.</summary>
    public async IAsyncEnumerable<Batch> ReadAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var ahead = Channel.CreateBounded<Batch>(new BoundedChannelOptions(1) { SingleReader = true, SingleWriter = true });
        var making = Task.Run(() => MakeAsync(ahead.Writer, stop.Token), CancellationToken.None);
        try
        {
            await foreach (var batch in ahead.Reader.ReadAllAsync(CancellationToken.None))
            {
                yield return batch;
            }

            await making;
        }
        finally
        {
            await stop.CancelAsync();
            await making.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task MakeAsync(ChannelWriter<Batch> to, CancellationToken cancel)
    {
        try
        {
            await foreach (var batch in CutAsync(cancel))
            {
                await to.WriteAsync(batch, cancel);
            }
        }
        finally
        {
            to.Complete();
        }
    }

    private async IAsyncEnumerable<Batch> CutAsync([EnumeratorCancellation] CancellationToken cancel)
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
                rejects.Add(row.File, row.Line, problem.Column, problem.Reason, KeyOf(row));
                continue;
            }

            if (!batch.HasRoomFor(item.WrittenCount))
            {
                yield return Completed(batch);
            }

            batch.Add(new BatchItem(row.Number, row.File, row.Line) { Key = KeyOf(row) }, item.WrittenSpan, _writer.Key);
        }

        rejects.AddPassed(place);
        if (!batch.IsEmpty)
        {
            yield return Completed(batch);
        }
    }

    // Nobody has seen the file that the rows of a query were kept in.
    private string? KeyOf(SourceRow row) => settings.Query is null ? null : _writer.NameOf(row);

    private Batch Completed(BatchBuilder builder)
    {
        var batch = builder.Complete();
        Merged += batch.Merged;
        return batch;
    }
}
