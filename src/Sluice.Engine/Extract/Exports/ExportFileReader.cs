using System.Globalization;
using Sluice.CustomerIo;
using Sluice.Engine.Catalog;

namespace Sluice.Engine.Extract.Exports;

/// <summary>
/// One export from the question to its rows in the spool. Every step is on disk before the next one, so that a run that goes on repeats none.
/// </summary>
internal sealed class ExportFileReader(ExtractionRun run, ExtractContext context, ExportApi requests, ExportCreation asking)
{
    private readonly ExportDownload _download = new(run, context, requests);
    private readonly ExportPolling _polling = new(run, context, requests, asking);

    public async Task RunAsync(ExportRequest question, CancellationToken cancel)
    {
        if (run.Sink.Partition(question.Partition).IsDone || run.HasEnough)
        {
            return;
        }

        if (await IdAsync(question, cancel) is not { } id)
        {
            return;
        }

        if (string.IsNullOrEmpty(run.Sink.Partition(question.Partition).Notes.GetValueOrDefault(ExportNotes.Total)))
        {
            await _polling.WaitAsync(question, id, cancel);
        }

        var file = await ReadKnownAsync(question, id, cancel);
        await NoteGapAsync(question, id, cancel);
        await run.Sink.AppendAsync(new PageDraft(question.Partition) { Last = true }, cancel);
        await run.Sink.NoteAsync(question.Partition, ExportNotes.Part, "", cancel);
        File.Delete(file);
    }

    private async Task<long?> IdAsync(ExportRequest question, CancellationToken cancel)
    {
        try
        {
            return await asking.IdAsync(question, cancel);
        }
        catch (CustomerIoException error) when (error.Kind == CustomerIoErrorKind.NotFound && run.Extraction.Resource.ExportParents.Count > 0)
        {
            await run.Sink.SkipAsync(question.Partition, $"{question.Title} is gone: {error.Endpoint} answered 404", cancel);
            return null;
        }
    }

    private async Task<string> ReadKnownAsync(ExportRequest question, long id, CancellationToken cancel)
    {
        try
        {
            return await ReadAsync(question, id, cancel);
        }
        catch (CustomerIoException error) when (error.Kind == CustomerIoErrorKind.NotFound)
        {
            await asking.ForgetAsync(question.Partition, cancel);
            throw ExportPolling.Unknown(question, id, error);
        }
    }

    // A damaged file is fetched once more: its link and its connection may be to blame.
    private async Task<string> ReadAsync(ExportRequest question, long id, CancellationToken cancel)
    {
        try
        {
            return await ReadOnceAsync(question, id, cancel);
        }
        catch (InvalidDataException)
        {
            // Behind all records that were handed over, so that they are counted and not kept twice.
            await run.Sink.NoteAsync(question.Partition, ExportNotes.Part, "", cancel);
            DeleteFiles(id);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw WorkFolder.Unwritable(run.Files.Folder, error);
        }

        try
        {
            return await ReadOnceAsync(question, id, cancel);
        }
        catch (InvalidDataException error)
        {
            DeleteFiles(id);
            throw new SluiceException(
                SluiceErrorKind.Api,
                $"The file of export {id} ({question.Title}) can't be read: {error.Message}. It was fetched twice.",
                "Look at the file in Customer.io (Data & Integrations > Exports); if it is good there, please report this.",
                error);
        }
    }

    private async Task<string> ReadOnceAsync(ExportRequest question, long id, CancellationToken cancel)
    {
        var path = await _download.RunAsync(question, id, cancel);
        await using var body = await ExportBody.OpenAsync(File.OpenRead(path), cancel);
        var csv = new CsvReader(body);
        var header = await CsvHeader.ReadAsync(csv, run.Extraction.Resource, run.Extraction.Key.Options.All("attributes"), cancel);
        if (run.Extraction.Resource.ExportForm == ExportForm.Table)
        {
            await new CsvSplitter(run, question).CutAsync(csv, header, cancel);
        }
        else
        {
            await new PersonRecords(run, question).CopyAsync(csv, header, cancel);
        }

        return path;
    }

    private async Task NoteGapAsync(ExportRequest question, long id, CancellationToken cancel)
    {
        // What was handed to the spool is counted once it is on disk.
        await run.Sink.NoteAsync(question.Partition, ExportNotes.Gap, "", cancel);
        var partition = run.Sink.Partition(question.Partition);
        var total = long.Parse(partition.Notes[ExportNotes.Total], CultureInfo.InvariantCulture);
        if (partition.Rows < total && run.Extraction.Limit is null)
        {
            var gap = string.Create(
                CultureInfo.InvariantCulture, $"export {id} ({question.Title}): {total} rows by Customer.io's count, {partition.Rows} in its file");
            await run.Sink.NoteAsync(question.Partition, ExportNotes.Gap, gap, cancel);
        }
    }

    private void DeleteFiles(long id)
    {
        foreach (var file in Directory.EnumerateFiles(run.Files.Folder, string.Create(CultureInfo.InvariantCulture, $"export-{id}.*")))
        {
            File.Delete(file);
        }
    }
}
