using Sluice.Engine.Catalog;

namespace Sluice.Engine.Extract.Exports;

/// <summary>Cuts a file's records into segments of CSV, as they are, and finds out what kinds of values the columns have that are not text.</summary>
internal sealed class CsvSplitter(ExtractionRun run, ExportRequest question)
{
    /// <summary>Brings all records to the spool that are not there yet.</summary>
    /// <exception cref="InvalidDataException">A record is no CSV or has not as many values as the file has columns.</exception>
    public async Task CutAsync(CsvReader file, IReadOnlyList<string> header, CancellationToken cancel)
    {
        var form = new CsvForm(header, InjectedColumns.Read(run.Extraction.Injected).Concat(question.Injected).ToDictionary(StringComparer.Ordinal));
        var typed = header.Select(IsTyped).ToArray();
        var known = run.Sink.Partition(question.Partition).Rows;
        CsvChunk? chunk = null;
        try
        {
            while (!run.HasEnough && await file.ReadAsync(cancel))
            {
                if ((file.IsBlank && header.Count > 1) || known-- > 0)
                {
                    continue;
                }

                chunk ??= CsvChunk.Begin(run.Files.Folder, run.Files.SegmentBytes, typed);
                chunk.Add(file);
                if (chunk.Length >= run.Files.SegmentBytes)
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
        var draft = chunk.End(question.Partition, form);
        run.Counters.Kept(draft.Rows, draft.Length);
        await run.Files.AppendAsync(draft, cancel);
    }

    // All that the catalog does not know stays text: "007" is no 7.
    private bool IsTyped(string field) =>
        run.Extraction.Resource.Columns.Any(column =>
            column.Type is not (ColumnType.Text or ColumnType.Json) && column.Sources.Contains(field, StringComparer.Ordinal));
}
