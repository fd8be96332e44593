using Sluice.Destinations.Files.Manifest;

namespace Sluice.Destinations.Files.Local;

/// <summary>
/// Tables in a folder of this machine: <c>folder/schema/table</c>, and beside them <c>folder/.sluice</c> for versions that are being made.
/// </summary>
internal sealed class LocalStore(string name, string root, bool canExchange = true) : IFileStore
{
    private const string AsideFolder = ".sluice";

    public string Name => name;

    public Task<string> CheckAsync(CancellationToken cancel) => FileErrors.TryAsync(root, () =>
    {
        // Where there is no folder yet, it must be possible to make one in the nearest that there is.
        var there = root;
        while (!Directory.Exists(there))
        {
            there = File.Exists(there) ? throw new IOException($"{there} is a file") : Path.GetDirectoryName(there)!;
        }

        var probe = Path.Combine(there, $".sluice-check-{Guid.NewGuid():N}");
        Directory.CreateDirectory(probe);
        Directory.Delete(probe);
        var tables = there == root ? Directory.EnumerateDirectories(root).SelectMany(Directory.EnumerateDirectories).Count(IsTable) : 0;
        return Task.FromResult($"folder, {tables} tables, writable");
    });

    public ITableFolder Table(string schema, string table) => Folder(PathNames.Safe(schema), PathNames.Safe(table));

    public Task<IReadOnlyList<ITableFolder>> TablesAsync(string schema, CancellationToken cancel) =>
        FileErrors.TryAsync<IReadOnlyList<ITableFolder>>(
            root,
            () =>
            {
                var folder = Path.Combine(root, PathNames.Safe(schema));
                return Task.FromResult<IReadOnlyList<ITableFolder>>([
                    .. Names(folder, Directory.EnumerateDirectories).Union(GoneAside(schema)).Select(table => Folder(PathNames.Safe(schema), table)),
                ]);
            });

    public Task<IReadOnlyList<string>> DocumentsAsync(string schema, string folder, CancellationToken cancel) =>
        FileErrors.TryAsync<IReadOnlyList<string>>(
            root,
            () =>
                Task.FromResult<IReadOnlyList<string>>([
                    .. Names(Links.Refuse(root, $"{PathNames.Safe(schema)}/{folder}"), Directory.EnumerateFiles)
                        .Where(file => file.EndsWith(".json", StringComparison.Ordinal)),
                ]));

    public Task<byte[]?> ReadAsync(string schema, string folder, string name, CancellationToken cancel) => FileErrors.TryAsync<byte[]?>(
        root, async () => await File.ReadAllBytesAsync(Document(schema, folder, name), cancel));

    public Task WriteAsync(string schema, string folder, string name, byte[] document, CancellationToken cancel) =>
        FileErrors.TryAsync(
            root,
            async () =>
            {
                await AtomicFile.WriteAsync(Document(schema, folder, name), document, cancel);
                return true;
            });

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    // A crash between two renames has left them there; who reads them puts them back.
    private IEnumerable<string> GoneAside(string schema) =>
        Names(Path.Combine(root, AsideFolder, PathNames.Safe(schema)), Directory.EnumerateDirectories)
            .Where(name => name.EndsWith(AtomicFolderSwap.OldEnding, StringComparison.Ordinal))
            .Select(name => name[..^AtomicFolderSwap.OldEnding.Length]);

    private static bool IsTable(string folder) => File.Exists(Path.Combine(folder, TableManifest.FileName));

    private static IEnumerable<string> Names(string folder, Func<string, IEnumerable<string>> list) =>
        Directory.Exists(folder) ? list(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal) : [];

    private string Document(string schema, string folder, string name) => Links.Refuse(root, $"{PathNames.Safe(schema)}/{folder}/{name}");

    private LocalTable Folder(string schema, string table) => new(root, $"{schema}/{table}", $"{AsideFolder}/{schema}/{table}", canExchange);
}
