using System.Globalization;
using Sluice.CustomerIo;

namespace Sluice.Engine.Extract.Exports;

/// <summary>
/// Asks for exports so that none is asked for twice: the intent is on disk before the request leaves, and the id before anything else is done.
/// Between the two only one export can be, and the list of exports tells whether it is there.
/// </summary>
internal sealed class ExportCreation(ExtractionRun run, ExtractContext context, ExportApi requests) : IDisposable
{
    // An attempt that has not left after so long was given up; the rest is for clocks that differ.
    private const long SecondsOfAnAttempt = 120;
    private const long Grace = 5;

    private readonly SemaphoreSlim _one = new(1);
    private (long Newest, DateTimeOffset At, long Stamp)? _known;

    /// <summary>The id of the question's export: the one that it has, or that of a new one.</summary>
    public async Task<long> IdAsync(ExportRequest question, CancellationToken cancel)
    {
        if (Known(question.Partition) is { } id)
        {
            return id;
        }

        await _one.WaitAsync(cancel);
        try
        {
            return await TakeOverAsync(question, cancel) ?? await AskAsync(question, isLast: false, cancel);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Lets go of an export that is of no use, so that the next run asks for another one.</summary>
    public async Task ForgetAsync(string partition, CancellationToken cancel)
    {
        foreach (var note in new[] { ExportNotes.Intent, ExportNotes.Total, ExportNotes.Part, ExportNotes.Id })
        {
            await run.Sink.NoteAsync(partition, note, "", cancel);
        }
    }

    public void Dispose() => _one.Dispose();

    private long? Known(string partition) =>
        long.TryParse(run.Sink.Partition(partition).Notes.GetValueOrDefault(ExportNotes.Id), CultureInfo.InvariantCulture, out var id) ? id : null;

    // An intent without an id: a run was stopped between the two, or its answer was lost.
    private async Task<long?> TakeOverAsync(ExportRequest question, CancellationToken cancel)
    {
        var notes = run.Sink.Partition(question.Partition).Notes;
        if (notes.GetValueOrDefault(ExportNotes.Intent) is not { Length: > 0 } intent || Known(question.Partition) is not null)
        {
            return null;
        }

        var (exports, at) = await requests.ListAsync(cancel);
        Learn(exports, at);
        var found = exports.Where(export => IsFrom(intent, export)).ToList();
        if (found is not [var only])
        {
            var why = found.Count == 0 ? "it is not among Customer.io's exports" : $"{found.Count} exports could be it";
            await TellAsync(
                question, $"{question.Title}: whether a former request for the export arrived is not known ({why}): it was asked for anew", cancel);
            return null;
        }

        await run.Sink.NoteAsync(question.Partition, ExportNotes.Id, Text(only.Id), cancel);
        await TellAsync(question, $"{question.Title}: export {only.Id}, the only one that a former request can have begun, was taken over", cancel);
        return only.Id;
    }

    private async Task<long> AskAsync(ExportRequest question, bool isLast, CancellationToken cancel)
    {
        if (_known is null)
        {
            var (exports, at) = await requests.ListAsync(cancel);
            Learn(exports, at);
        }

        await run.Sink.NoteAsync(
            question.Partition, ExportNotes.Intent, string.Create(CultureInfo.InvariantCulture, $"{Now()}:{_known!.Value.Newest}"), cancel);
        try
        {
            var export = await requests.BeginAsync(question.Body, cancel);
            await run.Sink.NoteAsync(question.Partition, ExportNotes.Id, Text(export.Id), cancel);
            Learn([export], null);
            return export.Id;
        }
        catch (CustomerIoException error) when (error.MayHaveBeenProcessed && !isLast)
        {
            return await TakeOverAsync(question, cancel) ?? await AskAsync(question, isLast: true, cancel);
        }
    }

    // Asked for by API, of this type, newer than all that were there, in the minutes that the request can have taken, and not of another
    // question of ours.
    private bool IsFrom(string intent, ExportState export)
    {
        var colon = intent.IndexOf(':', StringComparison.Ordinal);
        var at = long.Parse(intent.AsSpan(0, colon), CultureInfo.InvariantCulture);
        return export.Type == run.Extraction.Resource.Path[(run.Extraction.Resource.Path.LastIndexOf('/') + 1)..]
            && export.Id > long.Parse(intent.AsSpan(colon + 1), CultureInfo.InvariantCulture)
            && export.CreatedAt >= at - Grace
            && export.CreatedAt <= at + SecondsOfAnAttempt
            && export.Description.Contains("via the api", StringComparison.OrdinalIgnoreCase)
            && !run.Sink.Notes(ExportNotes.Id).Contains(Text(export.Id));
    }

    private void Learn(IReadOnlyList<ExportState> exports, DateTimeOffset? at)
    {
        var newest = Math.Max(_known?.Newest ?? 0, exports.Select(export => export.Id).DefaultIfEmpty(0).Max());
        _known = at is { } now ? (newest, now, context.Time.GetTimestamp()) : _known!.Value with { Newest = newest };
    }

    private long Now() => (_known!.Value.At + context.Time.GetElapsedTime(_known.Value.Stamp)).ToUnixTimeSeconds();

    private Task TellAsync(ExportRequest question, string sentence, CancellationToken cancel) =>
        run.Sink.NoteAsync(question.Partition, ExportNotes.Told, sentence, cancel);

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);
}

/// <summary>
/// What is noted of an export in the manifest, so that a run that goes on knows how far the one before came; an empty note counts as none.
/// </summary>
internal static class ExportNotes
{
    /// <summary>That it is about to be asked for: Customer.io's time in unix seconds and the newest export then, as <c>1700000000:112</c>.</summary>
    public const string Intent = "intent";

    /// <summary>Its id at Customer.io.</summary>
    public const string Id = "export";

    /// <summary>How many rows it has by Customer.io's count.</summary>
    public const string Total = "total";

    /// <summary>The length and version of the file that a part is kept of, as <c>1234|"abc"</c>.</summary>
    public const string Part = "part";

    /// <summary>What the report must tell of it.</summary>
    public const string Told = "told";

    /// <summary>Why rows of it are missing.</summary>
    public const string Gap = "gap";
}
