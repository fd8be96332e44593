using System.Diagnostics;
using Sluice.Destinations.Files.Manifest;
using Sluice.Engine;

namespace Sluice.Destinations.Files.Local;

/// <summary>A table's folder in the file system.</summary>
/// <param name="root">The folder of all tables.</param>
/// <param name="table">The table's folder below it.</param>
/// <param name="working">Where versions of it are made: on the same disk, and not where a reader looks for files.</param>
/// <param name="canExchange">Whether the system may be asked to exchange folders in one step.</param>
internal sealed class LocalTable(string root, string table, string working, bool canExchange) : ITableFolder
{
    private readonly string _path = Path.Combine(root, table);
    private readonly string _aside = Path.Combine(root, working);
    private readonly AtomicFolderSwap _swap = new(Path.Combine(root, table), Path.Combine(root, working), canExchange);

    public string Name => _path;

    public Task<TableManifest?> ReadAsync(CancellationToken cancel) => FileErrors.TryAsync(_path, async () =>
    {
        // A crash between two renames leaves no folder: then somebody has to put it back.
        if (!Directory.Exists(_path) && Directory.Exists(Path.GetDirectoryName(_aside)))
        {
            await using var alone = await LockAsync(cancel);
            _swap.Recover(IsWhole);
        }

        return await ReadManifestAsync(cancel);
    });

    public Task<ITableChange> ChangeAsync(string scratch, CancellationToken cancel) =>
        FileErrors.TryAsync<ITableChange>(
            _path,
            async () =>
            {
                var alone = await LockAsync(cancel);
                try
                {
                    _swap.Recover(IsWhole);
                    var manifest = await ReadManifestAsync(cancel);
                    return manifest is null && HoldsAnything()
                        ? throw new SluiceException(
                            SluiceErrorKind.Destination,
                            $"{_path} holds files and no {TableManifest.FileName}: they are not Sluice's, and a load would remove them.",
                            "Name another folder or table, or move them away.")
                        : (ITableChange)new LocalChange(_path, _swap, alone, manifest);
                }
                catch
                {
                    await alone.DisposeAsync();
                    throw;
                }
            });

    public Task<string> FetchAsync(IReadOnlyList<string> paths, string scratch, CancellationToken cancel) => Task.FromResult(_path);

    private Task<FileStream> LockAsync(CancellationToken cancel)
    {
        string[] own = [table, working + ".lock", working + AtomicFolderSwap.NewEnding, working + AtomicFolderSwap.OldEnding];
        foreach (var name in own)
        {
            Links.Refuse(root, name);
        }

        return TableLock.TakeAsync(_aside + ".lock", _path, cancel);
    }

    private bool HoldsAnything() => Directory.Exists(_path) && Directory.EnumerateFileSystemEntries(_path).Any();

    private static bool IsWhole(string folder) => File.Exists(Path.Combine(folder, TableManifest.FileName));

    private async Task<TableManifest?> ReadManifestAsync(CancellationToken cancel)
    {
        // A folder of others' can be a link: it is no table.
        if (!IsWhole(_path))
        {
            return null;
        }

        var file = Links.Refuse(root, $"{table}/{TableManifest.FileName}");
        try
        {
            var manifest = ManifestJson.ReadManifest(await File.ReadAllBytesAsync(file, cancel), file, table);
            foreach (var data in manifest.Paths)
            {
                Links.Refuse(_path, data);
            }

            return manifest;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}

/// <summary>Keeps other writers away from a table; the system lets go of it when the process ends, however it ends.</summary>
internal static class TableLock
{
    private static readonly TimeSpan LockWait = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public static async Task<FileStream> TakeAsync(string path, string table, CancellationToken cancel)
    {
        FileModes.MakeSharedFolder(Path.GetDirectoryName(path)!);
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                var isNew = !File.Exists(path);
                var held = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                if (isNew)
                {
                    FileModes.Share(path);
                }

                return held;
            }
            catch (IOException) when (File.Exists(path) && Stopwatch.GetElapsedTime(began) < LockWait)
            {
                await Task.Delay(Pause, TimeProvider.System, cancel);
            }
            catch (IOException error) when (File.Exists(path))
            {
                throw new SluiceException(
                    SluiceErrorKind.Destination,
                    $"Another program has been writing {table} for a minute.",
                    "What was fetched is kept: wait for the other one and run the same command again.",
                    error)
                { IsTransient = true };
            }
        }
    }
}
