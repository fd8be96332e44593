using System.Globalization;

namespace Sluice.Engine.Extract.Exports;

/// <summary>
/// Brings an export's file to the disk, where a run that goes on finds it: as it is sent, so that a part can be completed by range. When something is
/// to be hidden, only the records with it hidden reach the disk, and a part of them is of no use.
/// </summary>
internal sealed class ExportDownload(ExtractionRun run, ExtractContext context, ExportApi requests)
{
    private const int MostBeginnings = 5;
    private const int BufferBytes = 128 * 1024;

    /// <summary>Gives the path of the whole file.</summary>
    public async Task<string> RunAsync(ExportRequest question, long id, CancellationToken cancel)
    {
        var whole = PathOf(id, "file");
        for (var beginning = 1; !File.Exists(whole); beginning++)
        {
            try
            {
                var part = CsvMasking.For(run) is { } masking ? await HideAsync(id, masking, cancel) : await CopyAsync(question, id, cancel);
                File.Move(part, whole);
            }
            catch (StartsOverException) when (beginning < MostBeginnings)
            {
                File.Delete(PathOf(id, "part"));
            }
            catch (StartsOverException error)
            {
                throw new SluiceException(
                    SluiceErrorKind.Api,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"The download of export {id} broke off {MostBeginnings} times, and its server can't go on in the middle."),
                    "Run the same command again, at best with a better connection: the export itself is not asked for again.",
                    error)
                { IsTransient = true };
            }
        }

        return whole;
    }

    private string PathOf(long id, string ending) =>
        Path.Combine(run.Files.Folder, string.Create(CultureInfo.InvariantCulture, $"export-{id}.{ending}"));

    private async Task<string> CopyAsync(ExportRequest question, long id, CancellationToken cancel)
    {
        var path = PathOf(id, "part");
        await using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 0);
        await using var link = new LinkStream(requests, context, id);
        if (file.Length > 0 && run.Sink.Partition(question.Partition).Notes.GetValueOrDefault(ExportNotes.Part) is { Length: > 0 } known)
        {
            link.GoOn(file.Length, known);
        }

        await link.OpenAsync(cancel);
        WorkFolder.RequireSpace(run.Files.Folder, (link.WholeLength ?? 0) - link.Position);
        file.SetLength(link.Position);
        file.Seek(0, SeekOrigin.End);

        // What the part is a part of must be known before the first of its bytes is kept.
        await run.Sink.NoteAsync(question.Partition, ExportNotes.Part, link.Part!, cancel);
        var buffer = new byte[BufferBytes];
        while (await link.ReadAsync(buffer, cancel) is > 0 and var read)
        {
            file.Write(buffer, 0, read);
        }

        file.Flush(flushToDisk: true);
        return path;
    }

    private async Task<string> HideAsync(long id, CsvMasking masking, CancellationToken cancel)
    {
        var path = PathOf(id, "part");
        await using var link = new LinkStream(requests, context, id);
        await using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        await using var body = await ExportBody.OpenAsync(link, cancel);
        await masking.CopyAsync(new CsvReader(body), file, cancel);
        file.Flush(flushToDisk: true);
        return path;
    }
}
