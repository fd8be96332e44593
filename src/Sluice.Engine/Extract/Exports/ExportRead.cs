using System.Globalization;
using Sluice.CustomerIo;
using Sluice.Engine.Catalog;
using Sluice.Engine.Spool;

namespace Sluice.Engine.Extract.Exports;

/// <summary>One export from the question to its rows in the spool. Every step is on disk before the next one, so that a run that goes on repeats none.</summary>
internal sealed class ExportRead(Feed feed, ExtractContext context, ExportRequests requests, ExportAsking asking)
{
    private readonly ExportDownload _download = new(feed, context, requests);
    private readonly ExportPolling _polling = new(feed, context, requests, asking);

    public async Task RunAsync(ExportQuestion question, CancellationToken cancel)
    {
        if (feed.Spool.Walk(question.Walk).IsDone || feed.HasEnough)
        {
            return;
        }

        if (await IdAsync(question, cancel) is not { } id)
        {
            return;
        }

        if (string.IsNullOrEmpty(feed.Spool.Walk(question.Walk).Notes.GetValueOrDefault(ExportNotes.Total)))
        {
            await _polling.WaitAsync(question, id, cancel);
        }

        var file = await ReadKnownAsync(question, id, cancel);
        await NoteGapAsync(question, id, cancel);
        await feed.Spool.AppendAsync(new PageDraft(question.Walk) { Last = true }, cancel);
        await feed.Spool.NoteAsync(question.Walk, ExportNotes.Part, "", cancel);
        File.Delete(file);
    }

    private async Task<long?> IdAsync(ExportQuestion question, CancellationToken cancel)
    {
        try
        {
            return await asking.IdAsync(question, cancel);
        }
        catch (CustomerIoException error) when (error.Kind == CustomerIoErrorKind.NotFound && feed.Resource.ExportParents.Count > 0)
        {
            await feed.Spool.SkipAsync(question.Walk, $"{question.Title} is gone: {error.Endpoint} answered 404", cancel);
            return null;
        }
    }

    private async Task<string> ReadKnownAsync(ExportQuestion question, long id, CancellationToken cancel)
    {
        try
        {
            return await ReadAsync(question, id, cancel);
        }
        catch (CustomerIoException error) when (error.Kind == CustomerIoErrorKind.NotFound)
        {
            await asking.ForgetAsync(question.Walk, cancel);
            throw ExportPolling.Unknown(question, id, error);
        }
    }

    // A damaged file is fetched once more: its link and its connection may be to blame.
    private async Task<string> ReadAsync(ExportQuestion question, long id, CancellationToken cancel)
    {
        try
        {
            return await ReadOnceAsync(question, id, cancel);
        }
        catch (InvalidDataException)
        {
            // Behind all records that were handed over, so that they are counted and not kept twice.
            await feed.Spool.NoteAsync(question.Walk, ExportNotes.Part, "", cancel);
            DeleteFiles(id);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw WorkFolderErrors.Writing(feed.Spool.Folder, error);
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

    private async Task<string> ReadOnceAsync(ExportQuestion question, long id, CancellationToken cancel)
    {
        var path = await _download.RunAsync(question, id, cancel);
        await using var body = await ExportBody.OpenAsync(File.OpenRead(path), cancel);
        var csv = new CsvReader(body);
        var header = await CsvHeader.ReadAsync(csv, feed.Resource, feed.Name.Options.All("attributes"), cancel);
        if (feed.Resource.ExportForm == ExportForm.Table)
        {
            await new CsvCutter(feed, question).CutAsync(csv, header, cancel);
        }
        else
        {
            await new PersonRecords(feed, question).CopyAsync(csv, header, cancel);
        }

        return path;
    }

    private async Task NoteGapAsync(ExportQuestion question, long id, CancellationToken cancel)
    {
        // What was handed to the spool is counted once it is on disk.
        await feed.Spool.NoteAsync(question.Walk, ExportNotes.Gap, "", cancel);
        var walk = feed.Spool.Walk(question.Walk);
        var total = long.Parse(walk.Notes[ExportNotes.Total], CultureInfo.InvariantCulture);
        if (walk.Rows < total && feed.Limit is null)
        {
            var gap = string.Create(CultureInfo.InvariantCulture, $"export {id} ({question.Title}): {total} rows by Customer.io's count, {walk.Rows} in its file");
            await feed.Spool.NoteAsync(question.Walk, ExportNotes.Gap, gap, cancel);
        }
    }

    private void DeleteFiles(long id)
    {
        foreach (var file in Directory.EnumerateFiles(feed.Spool.Folder, string.Create(CultureInfo.InvariantCulture, $"export-{id}.*")))
        {
            File.Delete(file);
        }
    }
}
