using System.Globalization;
using System.Text;
using Sluice.Destinations.Files.Formats;
using Sluice.Destinations.Files.Manifest;
using Sluice.Engine.Load;
using Sluice.Engine.Shape;

namespace Sluice.Destinations.Files;

/// <summary>The book-keeping of a schema as the tables that it is elsewhere: manifests and the files of rejects, read as JSON.</summary>
internal sealed class SystemTableQuery(IFileStore store, string schema)
{
    private static readonly string Ledger = SystemTable.Ledger.Name;
    private static readonly string State = SystemTable.State.Name;
    private static readonly string Mapping = SystemTable.Mapping.Name;

    // The columns in their order; times are read as text and turned into times by the SELECT.
    private static readonly Dictionary<string, TypedColumn[]> Tables = SystemTable.All.ToDictionary(
        table => table.Name,
        table => table.Columns.Select(column => new TypedColumn(column.Name, SqlType.Of(column.Type))).ToArray(),
        StringComparer.OrdinalIgnoreCase);

    public static bool Has(string table) => Tables.ContainsKey(table);

    /// <summary>A SELECT of such a table; null when nothing has been written into the schema.</summary>
    public async Task<string?> SelectAsync(string table, string scratch, CancellationToken cancel)
    {
        Directory.CreateDirectory(scratch);
        var columns = Tables[table];
        var files = await FilesAsync(table, scratch, cancel);
        var select = string.Join(", ", columns.Select(column => $"CAST({column.Name} AS {column.Type}) AS {column.Name}"));
        return files is null ? null
            : files.Count == 0 ? $"SELECT {string.Join(", ", columns.Select(column => $"CAST(NULL AS {column.Type}) AS {column.Name}"))} WHERE false"
            : $"SELECT {select} FROM ({Rows(table, new FileRows("", files, await WidestAsync(files, cancel)), columns)})";
    }

    private static string Rows(string table, FileRows files, IReadOnlyList<TypedColumn> columns)
    {
        var options = string.Create(CultureInfo.InvariantCulture, $"maximum_object_size={Math.Max(1024 * 1024, files.WidestRow * 2)}");
        var inside = string.Join(", ", columns.Skip(1).Select(column => $"{Inside(table, column.Name)} {ReadType(column)}"));
        var fields = string.Join(", ", columns.Select(column => $"{column.Name}: '{ReadType(column)}'"));
        var entries = string.Join(", ", columns.Skip(1).Select(column => $"e.{Inside(table, column.Name)} AS {column.Name}"));
        return table switch
        {
            _ when table == Ledger =>
                $"SELECT table_name, {entries} FROM (SELECT \"table\" AS table_name, unnest(ledger) AS e FROM read_json({files.List}, " +
                    $"{options}, columns={{\"table\": 'VARCHAR', ledger: 'STRUCT({inside})[]'}}))",
            _ when table == Mapping =>
                $"SELECT table_name, {entries} FROM (SELECT \"table\" AS table_name, unnest(fields) AS e FROM read_json({files.List}, " +
                    $"{options}, columns={{\"table\": 'VARCHAR', fields: 'STRUCT({inside})[]'}}))",
            _ when table == State =>
                $"SELECT table_name, {entries} FROM (SELECT \"table\" AS table_name, state AS e FROM read_json({files.List}, {options}, " +
                    $"columns={{\"table\": 'VARCHAR', state: 'STRUCT({inside})'}})) WHERE e IS NOT NULL",
            _ => $"SELECT * FROM read_json({files.List}, {options}, columns={{{fields}}})",
        };
    }

    // In a manifest the columns of a field have shorter names.
    private static string Inside(string table, string column) => table != Mapping ? column : column switch
    {
        "column_name" => "\"column\"",
        "column_type" => "\"type\"",
        _ => column,
    };

    private static string ReadType(TypedColumn column) => column.Type == "TIMESTAMPTZ" ? "VARCHAR" : column.Type;

    private async Task<IReadOnlyList<string>?> FilesAsync(string table, string scratch, CancellationToken cancel)
    {
        if (table == RunDocument.Folder)
        {
            return await RunsAsync(scratch, cancel);
        }

        var (files, found) = (new List<string>(), false);
        foreach (var (place, folder) in (await store.TablesAsync(schema, cancel)).Index())
        {
            if (await folder.ReadAsync(cancel) is not { } manifest)
            {
                continue;
            }

            found = true;
            if (table == SystemTable.Rejects.Name)
            {
                files.AddRange(await RejectsAsync(folder, manifest, Path.Combine(scratch, $"{place}"), cancel));
            }
            else
            {
                files.Add(await KeepAsync(Path.Combine(scratch, $"{place}.json"), ManifestJson.Write(manifest), cancel));
            }
        }

        return found ? files : null;
    }

    private async Task<IReadOnlyList<string>?> RunsAsync(string scratch, CancellationToken cancel)
    {
        var files = new List<string>();
        foreach (var (place, name) in (await store.DocumentsAsync(schema, RunDocument.Folder, cancel)).Index())
        {
            if (await store.ReadAsync(schema, RunDocument.Folder, name, cancel) is { } run)
            {
                // Under a name of our own: the one of an object can be any path.
                var read = ManifestJson.Write(ManifestJson.ReadRun(run, FilesSystemTables.PlaceOf(store, name)));
                files.Add(await KeepAsync(Path.Combine(scratch, $"run-{place}.json"), read, cancel));
            }
        }

        return files.Count > 0 ? files : null;
    }

    private static async Task<IEnumerable<string>> RejectsAsync(ITableFolder folder, TableManifest manifest, string scratch, CancellationToken cancel)
    {
        var root = await folder.FetchAsync([.. manifest.Rejects.Select(file => file.Path)], scratch, cancel);
        return manifest.Rejects.Select(file => Path.Combine(root, file.Path));
    }

    // A document is one object, and each reject is one on a line of its own.
    private static async Task<long> WidestAsync(IEnumerable<string> files, CancellationToken cancel)
    {
        var widest = 0L;
        foreach (var file in files)
        {
            if (!file.EndsWith(".ndjson", StringComparison.Ordinal))
            {
                widest = Math.Max(widest, new FileInfo(file).Length);
                continue;
            }

            await foreach (var line in File.ReadLinesAsync(file, cancel))
            {
                widest = Math.Max(widest, Encoding.UTF8.GetByteCount(line));
            }
        }

        return widest;
    }

    private static async Task<string> KeepAsync(string path, byte[] content, CancellationToken cancel)
    {
        await File.WriteAllBytesAsync(path, content, cancel);
        return path;
    }
}
