using Sluice.Destinations.Files.Manifests;

namespace Sluice.Destinations.Files.ObjectStores;

/// <summary>The objects of one table.</summary>
/// <param name="name">The table's address as it may be shown.</param>
/// <param name="prefix">What the keys of its objects begin with.</param>
/// <param name="client">The bucket or container.</param>
internal sealed class ObjectTable(string name, string prefix, IObjectClient client) : ITableFolder
{
    public string Name => name;

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
        return (found is null ? null : ManifestJson.ReadManifest(found.Content, $"{name}/{TableManifest.FileName}"), found);
    }
}
