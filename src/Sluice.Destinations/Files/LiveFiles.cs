using DuckDB.NET.Data;
using Sluice.Destinations.Files.Formats;
using Sluice.Destinations.Files.Manifest;
using Sluice.Destinations.Merge;
using Sluice.Engine.Catalog;
using Sluice.Engine.DuckDb;
using Sluice.Engine.Load;
using Sluice.Engine.Load.Staging;
using Sluice.Engine.Shape;

namespace Sluice.Destinations.Files;

/// <summary>
/// The rows of a table's files beside the staged ones, so that the very statements of a DuckDB destination work on them: all of them to look at, and
/// those of the files that a load changes as a table to change.
/// </summary>
internal sealed class LiveFiles(DuckDBConnection connection, LoadTarget target, TableManifest manifest)
{
    private readonly string _whole = StagingTables.Name(connection.Database, target.Schema, $"_sluice_whole_{target.Table}");
    private bool _isView;

    /// <summary>The columns with their types.</summary>
    public IReadOnlyDictionary<string, string> Columns { get; } = new OrderedDictionary<string, string>(
        manifest.Columns.Select(column => KeyValuePair.Create(column.Name, column.Type)), StringComparer.OrdinalIgnoreCase);

    /// <summary>The same with the catalog's types.</summary>
    public OrderedDictionary<string, ColumnType> Types { get; } = new(
        manifest.Columns.Select(column => KeyValuePair.Create(column.Name, SqlType.Parse(column.Type))), StringComparer.OrdinalIgnoreCase);

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
            await MemoryBudget.OfProcess.AllowAsync(connection, target.Table, files.WidestRow, Typed.Count, cancel, format.CopiesOfRecord);
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
    public async Task<IReadOnlySet<string>> ChangedAsync(MergeSql sql, MergeContext context, CancellationToken cancel)
    {
        var changed = new HashSet<string>(StringComparer.Ordinal);
        var staged = await LongRows.OfAsync(connection, context.Staged.Name, cancel);
        var compared = sql.ChangedRows(
            $"(SELECT {sql.Hashed(Types)}, {FileRows.FileColumn} FROM {_whole})", staged.Source(sql.Hashed(Types)));
        foreach (var (rows, values) in Changes(sql, compared, context.Plan(Types), await sql.SortsAsync(context.Session, cancel)))
        {
            changed.UnionWith(
                await connection.ListAsync($"SELECT DISTINCT old.{FileRows.FileColumn} FROM {rows}", row => row.GetString(0), cancel, values));
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

    private IEnumerable<(string Rows, (string Name, object? Value)[] Values)> Changes(
        MergeSql sql, string compared, MergePlan plan, IReadOnlyList<SameRow> sorts)
    {
        foreach (var sort in sorts)
        {
            if (plan.Restores)
            {
                yield return (sql.RestoredRows(sort), []);
            }

            if (plan.Vanished != DeletePolicy.Ignore)
            {
                yield return (sql.VanishedRows(sort, plan.IsMarked && plan.Vanished == DeletePolicy.Soft), []);
            }
        }

        if (plan.Action == MergeAction.Upsert)
        {
            yield return (compared, []);
        }
        else if (plan.Action == MergeAction.ReplaceRange)
        {
            yield return (sql.RangeRows(target.IncrementalKey!, target.Interval), MergeSql.Bounds(target.Interval));
            if (plan.HasKey)
            {
                yield return (sql.CameRows(sql.WithKey), []);
            }
        }
    }
}
