using System.Globalization;
using Sluice.CustomerIo;
using Sluice.Engine.Catalog;

namespace Sluice.Engine.Extract.Exports;

/// <summary>
/// One export from the question to its rows in the spool. Every step is on disk before the next one, so that a run that goes on repeats none.
/// </summary>
internal sealed class ExportFileReader(ExtractionRun run, ExtractContext context, ExportApi requests, ExportCreation asking)
{
    private static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(30);

    private readonly ExportDownload _download = new(run, context, requests);

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
            await WaitAsync(question, id, cancel);
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

    // Looks after the export, ever less often, until it is done, and notes its count; only a deadline that the user set ends the waiting.
    private async Task WaitAsync(ExportRequest question, long id, CancellationToken cancel)
    {
        var began = context.Time.GetTimestamp();
        for (var wait = FirstLook; ; wait = wait * 2 < LongestLook ? wait * 2 : LongestLook)
        {
            var export = await LookAsync(question, id, cancel);
            if (export.IsFailed)
            {
                await asking.ForgetAsync(question.Partition, cancel);
                throw new SluiceException(
                    SluiceErrorKind.Api,
                    $"Customer.io failed to make export {id} ({question.Title}).",
                    "Run the same command again: it asks for a new one. If that fails too, ask for less at once (segments, fewer attributes, a " +
                        "shorter range) or ask Customer.io's support with the id."
                );
            }

            if (export.IsDone)
            {
                await run.Sink.NoteAsync(question.Partition, ExportNotes.Total, export.Total.ToString(CultureInfo.InvariantCulture), cancel);
                return;
            }

            if (run.Extraction.Deadline is { } deadline && context.Time.GetElapsedTime(began) >= deadline)
            {
                throw new SluiceException(
                    SluiceErrorKind.Api,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"Export {id} ({question.Title}) was not done after {deadline:c}, the deadline that was set."),
                    "Run the same command again: it goes on waiting for the same export. A longer deadline waits longer.")
                {
                    IsTransient = true,
                };
            }

            await Task.Delay(wait, context.Time, cancel);
        }
    }

    private static SluiceException Unknown(ExportRequest question, long id, CustomerIoException error) =>
        new(
            SluiceErrorKind.Api,
            $"Customer.io no longer knows export {id} ({question.Title}).",
            "Run the same command again: it asks for a new one.",
            error);

    private async Task<ExportState> LookAsync(ExportRequest question, long id, CancellationToken cancel)
    {
        try
        {
            return await requests.LookAsync(id, cancel);
        }
        catch (CustomerIoException error) when (error.Kind == CustomerIoErrorKind.NotFound)
        {
            await asking.ForgetAsync(question.Partition, cancel);
            throw Unknown(question, id, error);
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
            throw Unknown(question, id, error);
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
