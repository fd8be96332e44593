namespace Sluice.Destinations.Files.ObjectStores;

/// <summary>Tables in an object store: <c>prefix/schema/table/</c>, each with the manifest that says which of the objects are the table.</summary>
/// <param name="name">The address as it may be shown.</param>
/// <param name="prefix">What keys begin with, with a slash at its end; empty for none.</param>
/// <param name="client">The bucket or container.</param>
internal sealed class ObjectStore(string name, string prefix, IObjectClient client) : IFileStore
{
    public string Name => name;

    public async Task<string> CheckAsync(CancellationToken cancel)
    {
        var probe = $"{prefix}_sluice_check-{Guid.NewGuid():N}";
        await client.WriteAsync(probe, [], ExpectedVersion.Anything, cancel);
        await client.DeleteAsync([probe], cancel);
        var schemas = 0;
        await foreach (var folder in client.ListFoldersAsync(prefix, cancel))
        {
            schemas += folder.Length > 0 ? 1 : 0;
        }

        return $"{client.Name}, {schemas} schemas, writable";
    }

    public ITableFolder Table(string schema, string table) => Folder(PathNames.Safe(schema), PathNames.Safe(table));

    public async Task<IReadOnlyList<ITableFolder>> TablesAsync(string schema, CancellationToken cancel)
    {
        var tables = new List<ITableFolder>();
        await foreach (var table in client.ListFoldersAsync($"{prefix}{PathNames.Safe(schema)}/", cancel))
        {
            if (!table.StartsWith("_sluice_", StringComparison.Ordinal))
            {
                tables.Add(Folder(PathNames.Safe(schema), table));
            }
        }

        return tables;
    }

    public async Task<IReadOnlyList<string>> DocumentsAsync(string schema, string folder, CancellationToken cancel)
    {
        var (start, names) = (Key(schema, folder, ""), new List<string>());
        await foreach (var key in client.ListAsync(start, cancel))
        {
            names.Add(key[start.Length..]);
        }

        return names;
    }

    public async Task<byte[]?> ReadAsync(string schema, string folder, string name, CancellationToken cancel) =>
        (await client.ReadAsync(Key(schema, folder, name), cancel))?.Content;

    public Task WriteAsync(string schema, string folder, string name, byte[] document, CancellationToken cancel) =>
        client.WriteAsync(Key(schema, folder, name), document, ExpectedVersion.Anything, cancel);

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return ValueTask.CompletedTask;
    }

    private string Key(string schema, string folder, string name) => $"{prefix}{PathNames.Safe(schema)}/{folder}/{name}";

    private ObjectTable Folder(string schema, string table) => new($"{name.TrimEnd('/')}/{schema}/{table}", $"{prefix}{schema}/{table}/", client);
}
