using Sluice.Engine.Catalog;
using Sluice.Engine.Shape;
using Sluice.Engine.Spool;

namespace Sluice.Engine.Extract.Exports;

/// <summary>Cuts a file's records into segments of CSV, as they are, and finds out what kinds of values the columns have that are not text.</summary>
internal sealed class CsvCutter(Feed feed, ExportQuestion question)
{
    /// <summary>Brings all records to the spool that are not there yet.</summary>
    /// <exception cref="InvalidDataException">A record is no CSV or has more values than the file has columns.</exception>
    public async Task CutAsync(CsvReader file, IReadOnlyList<string> header, CancellationToken cancel)
    {
        var form = new CsvForm(header, InjectedColumns.Read(feed.Stamp).Concat(question.Stamp).ToDictionary(StringComparer.Ordinal));
        var typed = header.Select(IsTyped).ToArray();
        var known = feed.Spool.Walk(question.Walk).Rows;
        CsvChunk? chunk = null;
        try
        {
            while (!feed.HasEnough && await file.ReadAsync(cancel))
            {
                if ((file.IsBlank && header.Count > 1) || known-- > 0)
                {
                    continue;
                }

                chunk ??= CsvChunk.Begin(feed.Spool.Folder, feed.Spool.SegmentBytes, typed);
                chunk.Add(file);
                if (chunk.Length >= feed.Spool.SegmentBytes)
                {
                    await KeepAsync(chunk, form, cancel);
                    chunk = null;
                }
            }

            if (chunk is not null)
            {
                await KeepAsync(chunk, form, cancel);
                chunk = null;
            }
        }
        finally
        {
            chunk?.Abandon();
        }
    }

    private async Task KeepAsync(CsvChunk chunk, CsvForm form, CancellationToken cancel)
    {
        var draft = chunk.End(question.Walk, form);
        feed.Counters.Spooled(draft.Rows, draft.Length);
        await feed.Spool.AppendAsync(draft, cancel);
    }

    // All that the catalog does not know stays text: "007" is no 7.
    private bool IsTyped(string field) =>
        feed.Resource.Columns.Any(column => column.Type is not (ColumnType.Text or ColumnType.Json) && column.Sources.Contains(field, StringComparer.Ordinal));
}
