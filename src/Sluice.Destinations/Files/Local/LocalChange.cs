using Sluice.Destinations.Files.Manifest;

namespace Sluice.Destinations.Files.Local;

/// <summary>
/// A change of a table's folder: a new version is made aside, with second names for the files that stay, and takes the place in one step.
/// </summary>
internal sealed class LocalChange(string place, AtomicFolderSwap swap, FileStream alone, TableManifest? before) : ITableChange
{
    private readonly BackgroundFsync _flush = new(swap.New);

    public TableManifest? Before => before;

    public string NewFiles => swap.New;

    public Task CommitAsync(TableManifest after, CancellationToken cancel) => FileErrors.TryAsync(place, async () =>
    {
        await _flush.DisposeAsync();
        if (!Directory.Exists(NewFiles) && before is not null && after.Paths.ToHashSet(StringComparer.Ordinal).SetEquals(before.Paths))
        {
            await AtomicFile.WriteAsync(Path.Combine(place, TableManifest.FileName), ManifestJson.Write(after), cancel);
            return true;
        }

        Directory.CreateDirectory(NewFiles);
        foreach (var path in after.Paths)
        {
            Keep(path);
        }

        await AtomicFile.WriteAsync(Path.Combine(NewFiles, TableManifest.FileName), ManifestJson.Write(after), cancel);
        FileModes.Share(NewFiles);
        foreach (var folder in Directory.EnumerateDirectories(NewFiles, "*", SearchOption.AllDirectories))
        {
            FileModes.Share(folder);
            NativeFiles.Flush(folder);
        }

        cancel.ThrowIfCancellationRequested();
        swap.Commit();
        return true;
    });

    public async ValueTask DisposeAsync()
    {
        await _flush.DisposeAsync();
        if (Directory.Exists(NewFiles))
        {
            Directory.Delete(NewFiles, recursive: true);
        }

        await alone.DisposeAsync();
    }

    // New files stand here already and have to survive a power cut before anybody is told of them.
    private void Keep(string path)
    {
        var to = Path.Combine(NewFiles, path);
        if (File.Exists(to))
        {
            using var file = new FileStream(to, FileMode.Open, FileAccess.ReadWrite);
            file.Flush(flushToDisk: true);
            FileModes.Share(to);
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        var from = Path.Combine(place, path);
        if (!NativeFiles.TryLink(from, to))
        {
            File.Copy(from, to);
        }
    }
}
