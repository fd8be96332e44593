using Sluice.Destinations.Files.Manifest;
using Sluice.Engine;

namespace Sluice.Destinations.Files.ObjectStores;

/// <summary>The objects of one table.</summary>
/// <param name="name">The table's address as it may be shown.</param>
/// <param name="prefix">What the keys of its objects begin with.</param>
/// <param name="client">The bucket or container.</param>
internal sealed class ObjectTable(string name, string prefix, IObjectClient client) : ITableFolder
{
    public string Name => name;

    private string Folder => string.Join('/', prefix.TrimEnd('/').Split('/')[^2..]);

    public async Task<TableManifest?> ReadAsync(CancellationToken cancel) => (await ReadVersionAsync(cancel)).Manifest;

    public async Task<ITableChange> ChangeAsync(string scratch, CancellationToken cancel)
    {
        if (Directory.Exists(scratch))
        {
            Directory.Delete(scratch, recursive: true);
        }

        // In this order: what is listed belongs to this version or an older one, or to a load that can't commit any more once this one has.
        var (manifest, found) = await ReadVersionAsync(cancel);
        var keys = new List<string>();
        await foreach (var key in client.ListAsync(prefix, cancel))
        {
            keys.Add(key);
        }

        return new ObjectChange(name, prefix, client, scratch, manifest, ExpectedVersion.Of(found), keys);
    }

    public async Task<string> FetchAsync(IReadOnlyList<string> paths, string scratch, CancellationToken cancel)
    {
        foreach (var path in paths)
        {
            var to = Path.Combine(scratch, path);
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            await client.DownloadAsync(prefix + path, to, cancel);
        }

        return scratch;
    }

    private async Task<(TableManifest? Manifest, StoredObject? Found)> ReadVersionAsync(CancellationToken cancel)
    {
        var found = await client.ReadAsync(prefix + TableManifest.FileName, cancel);
        return (found is null ? null : ManifestJson.ReadManifest(found.Content, $"{name}/{TableManifest.FileName}", Folder), found);
    }
}

/// <summary>
/// A change of one table's objects: new ones are uploaded under names of their own, and the manifest that names them is the commit.
/// </summary>
internal sealed class ObjectChange(
    string name,
    string prefix,
    IObjectClient client,
    string scratch,
    TableManifest? before,
    ExpectedVersion version,
    IReadOnlyList<string> keys
) : ITableChange
{
    private readonly List<string> _uploaded = [];

    public TableManifest? Before => before;

    public string NewFiles => scratch;

    public async Task CommitAsync(TableManifest after, CancellationToken cancel)
    {
        var paths = after.Paths.ToList();
        foreach (var path in paths.Where(path => File.Exists(Path.Combine(scratch, path))))
        {
            _uploaded.Add(prefix + path);
            await client.UploadAsync(Path.Combine(scratch, path), prefix + path, cancel);
        }

        cancel.ThrowIfCancellationRequested();
        await SwitchAsync(ManifestJson.Write(after));
        await RemoveAsync([.. keys.Except(paths.Select(path => prefix + path)).Where(PathNames.IsOfSluice)]);
    }

    public async ValueTask DisposeAsync()
    {
        await RemoveAsync(_uploaded);
        if (Directory.Exists(scratch))
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    private string Manifest => prefix + TableManifest.FileName;

    // Nobody may stop this one in the middle: then it would not be known whether it was done. When it is not known, the new objects stay: the
    // manifest may name them by now.
    private async Task SwitchAsync(byte[] manifest)
    {
        var uploaded = _uploaded.ToList();
        _uploaded.Clear();
        if (await client.WriteAsync(Manifest, manifest, version, CancellationToken.None))
        {
            return;
        }

        // An answer that was lost makes a second attempt of the client find what the first one wrote.
        if (await client.ReadAsync(Manifest, CancellationToken.None) is { } there && there.Content.AsSpan().SequenceEqual(manifest))
        {
            return;
        }

        _uploaded.AddRange(uploaded);
        throw new SluiceException(
            SluiceErrorKind.Destination, $"Another program has changed {name} meanwhile.", "What was fetched is kept: run the same command again.")
        {
            IsTransient = true,
        };
    }

    // What can't be removed is not named by any manifest and goes with the next load: it must not make a failure of what is done, nor hide one.
    private async Task RemoveAsync(IReadOnlyList<string> unnamed)
    {
        try
        {
            await client.DeleteAsync(unnamed, CancellationToken.None);
        }
        catch (SluiceException error) when (error.Kind == SluiceErrorKind.Destination)
        {
            _uploaded.Clear();
        }
    }
}
