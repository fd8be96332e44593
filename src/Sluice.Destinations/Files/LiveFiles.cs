using DuckDB.NET.Data;
using Sluice.Destinations.DuckDb;
using Sluice.Destinations.Files.Formats;
using Sluice.Destinations.Files.Manifest;
using Sluice.Destinations.Staging;
using Sluice.Engine.Catalog;
using Sluice.Engine.Config;
using Sluice.Engine.DuckDb;
using Sluice.Engine.Load;

namespace Sluice.Destinations.Files;

/// <summary>
/// The rows of a table's files beside the staged ones, so that the very statements of a DuckDB destination work on them: all of them to look at, and
/// those of the files that a load changes as a table to change.
/// </summary>
internal sealed class LiveFiles(DuckDBConnection connection, LoadTarget target, TableManifest manifest)
{
    private readonly string _whole = StageTables.Name(connection.Database, target.Schema, $"_sluice_whole_{target.Table}");
    private bool _isView;

    /// <summary>The columns with their types.</summary>
    public IReadOnlyDictionary<string, string> Columns { get; } = new OrderedDictionary<string, string>(
        manifest.Columns.Select(column => KeyValuePair.Create(column.Name, column.Type)), StringComparer.OrdinalIgnoreCase);

    /// <summary>All rows.</summary>
    public string Whole => _whole;

    /// <summary>Makes the rows of all files readable.</summary>
    public async Task OpenAsync(ITableFolder folder, ITableFormat format, string scratch, CancellationToken cancel)
    {
        IReadOnlyList<string> paths = [.. manifest.Files.Select(file => file.Path)];
        var root = await folder.FetchAsync(paths, Path.Combine(scratch, "fetched"), cancel);
        try
        {
            var files = new FileRows(root, paths, manifest.Files.Max(file => file.WidestRow));
            var select = await format.ReadAsync(connection, files, Typed, Path.Combine(scratch, "lines"), cancel);
            _isView = !format.IsReadWhole;
            await connection.RunAsync($"CREATE {(_isView ? "VIEW" : "TABLE")} {_whole} AS {select}", cancel);
        }
        catch (DuckDBException error)
        {
            throw FileErrors.Reading($"{target.Schema}.{target.Table}", folder.Name, error);
        }
    }

    /// <summary>The files with rows that the load changes: all others stay as they are.</summary>
    public async Task<IReadOnlySet<string>> ChangedAsync(LoadSql sql, IReadOnlyDictionary<string, string> aside, Checkpoint checkpoint, CancellationToken cancel)
    {
        var changed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (rows, values) in Changes(sql, aside, checkpoint))
        {
            changed.UnionWith(await connection.ListAsync($"SELECT DISTINCT old.{FileRows.FileColumn} FROM {rows}", row => row.GetString(0), cancel, values));
        }

        return changed;
    }

    /// <summary>Makes the table of those rows that may change.</summary>
    public Task CreatePartAsync(string part, IReadOnlySet<string>? files, CancellationToken cancel) => connection.RunAsync(
        files is { Count: 0 }
            ? $"CREATE TABLE {part} ({string.Join(", ", Typed.Select(column => $"{column.Quoted} {column.Type}"))})"
            : $"CREATE TABLE {part} AS SELECT {string.Join(", ", Typed.Select(column => column.Quoted))} FROM {_whole}{Where(files)}",
        cancel);

    /// <summary>Leaves nothing of it in the stage.</summary>
    public Task DropAsync(string part, CancellationToken cancel) =>
        connection.RunAsync($"DROP TABLE IF EXISTS {part}; DROP {(_isView ? "VIEW" : "TABLE")} IF EXISTS {_whole}", cancel);

    private IReadOnlyList<TypedColumn> Typed { get; } = [.. manifest.Columns.Select(column => new TypedColumn(column.Name, column.Type))];

    private static string Where(IReadOnlySet<string>? files) =>
        files is null ? "" : $" WHERE {FileRows.FileColumn} IN ({string.Join(", ", files.Select(DuckDBLiteral.Quote))})";

    private IEnumerable<(string Rows, (string Name, object? Value)[] Values)> Changes(LoadSql sql, IReadOnlyDictionary<string, string> aside, Checkpoint checkpoint)
    {
        var marked = Columns.ContainsKey(StageSql.DeletedAt);
        if (target.PrimaryKey.Count > 0 && marked)
        {
            yield return (sql.Returning, []);
        }

        if (target.PrimaryKey.Count > 0 && checkpoint is { IsComplete: true, Deletes: not DeletePolicy.Ignore })
        {
            yield return (sql.Vanishing(marked && checkpoint.Deletes == DeletePolicy.Soft), []);
        }

        if (target.Strategy == Strategy.Merge && target.PrimaryKey.Count > 0)
        {
            yield return (sql.Changing(aside.Keys), []);
        }
        else if (target is { Strategy: Strategy.DeleteInsert, IncrementalKey: not null })
        {
            yield return (sql.InRange(), Bounds());
        }
    }

    private (string Name, object? Value)[] Bounds() =>
        [.. new (string, object?)[] { ("from", target.Interval.Start), ("to", target.Interval.End) }.Where(bound => bound.Item2 is not null)];
}
