using System.Globalization;
using System.Runtime.InteropServices;
using DuckDB.NET.Data;
using Sluice.Destinations.Files.Formats;
using Sluice.Destinations.Files.Manifest;
using Sluice.Engine.Catalog;
using Sluice.Engine.DuckDb;
using Sluice.Engine.Load;

namespace Sluice.Destinations.Files;

/// <summary>Writes rows into files, one after another: DuckDB would keep all folders open at the same time, which no memory limit survives.</summary>
/// <param name="connection">The connection that the rows can be read on.</param>
/// <param name="format">What the files are.</param>
/// <param name="root">The folder that they are made in.</param>
/// <param name="names">What their names begin with: names are never used twice, so that a name stands for its content.</param>
/// <param name="mostRows">Rows in a file.</param>
/// <param name="longest">Bytes of the longest row as far as they are known.</param>
internal sealed class DataFileWriter(DuckDBConnection connection, ITableFormat format, string root, string names, long mostRows, long longest)
{
    private readonly List<DataFile> _files = [];
    private LongRows? _rows;
    private long _rowBytes;

    /// <summary>Writes the rows of a table and gives the files; none if there are no rows.</summary>
    public async Task<IReadOnlyList<DataFile>> WriteAsync(
        string table, IReadOnlyList<TypedColumn> columns, IReadOnlyList<Partition> partitions, CancellationToken cancel)
    {
        _files.Clear();
        _rows = await LongRows.OfAsync(connection, table, cancel, longest);
        await MemoryBudget.OfProcess.AllowAsync(connection, table, _rows.Longest, columns.Count, cancel, format.CopiesOfRecord);
        await MemoryBudget.OfProcess.AllowWriteAsync(connection, table, 2 * await _rows.BytesAsync(connection, cancel), cancel);
        // Only what is read column by column has groups of rows.
        _rowBytes = format.IsReadWhole ? 0 : (columns.Count * 8L) + await _rows.AverageAsync(connection, cancel);
        foreach (var folder in await Folders.FindAsync(connection, table, partitions, cancel))
        {
            var all = await MeasureAsync(columns, folder.Condition, cancel);
            foreach (var part in await SplitAsync(table, folder, all.Rows, cancel))
            {
                await CopyAsync(columns, part, all.Rows > mostRows ? await MeasureAsync(columns, part.Condition, cancel) : all, cancel);
            }
        }

        return [.. _files];
    }

    /// <summary>Writes a file without rows, which tells a reader the columns.</summary>
    public async Task<DataFile> WriteEmptyAsync(string table, IReadOnlyList<TypedColumn> columns, CancellationToken cancel)
    {
        _rows ??= await LongRows.OfAsync(connection, table, cancel, longest);
        await CopyAsync(columns, new FolderOfRows("", "false"), default, cancel);
        return _files[^1];
    }

    private async Task CopyAsync(IReadOnlyList<TypedColumn> columns, FolderOfRows part, Size size, CancellationToken cancel)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{names}-{_files.Count + 1:0000}{format.Extension}");
        var path = part.Path.Length == 0 ? name : $"{part.Path}/{name}";
        var full = Path.Combine(root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        await connection.RunAsync(format.Copy(columns, _rows!.Source(condition: part.Condition), full, _rowBytes), cancel);
        _files.Add(new DataFile(path, size.Rows, size.Marked, new FileInfo(full).Length, size.WidestRow));
    }

    private async Task<IReadOnlyList<FolderOfRows>> SplitAsync(string table, FolderOfRows folder, long rows, CancellationToken cancel)
    {
        if (rows <= mostRows)
        {
            return rows == 0 ? [] : [folder];
        }

        var starts = await connection.ListAsync(
            $"""
            SELECT row FROM (SELECT rowid AS row, row_number() OVER (ORDER BY rowid) - 1 AS place FROM {table} WHERE {folder.Condition})
            WHERE place % {mostRows.ToString(CultureInfo.InvariantCulture)} = 0 ORDER BY row
            """,
            row => row.GetInt64(0),
            cancel);
        return
        [
            .. starts.Select(
                (start, place) =>
                    folder with
                    {
                        Condition = string.Create(CultureInfo.InvariantCulture, $"{folder.Condition} AND rowid >= {start}{Until(starts, place)}"),
                    }),
        ];
    }

    private static string Until(IReadOnlyList<long> starts, int place) =>
        place + 1 == starts.Count ? "" : string.Create(CultureInfo.InvariantCulture, $" AND rowid < {starts[place + 1]}");

    private async Task<Size> MeasureAsync(IReadOnlyList<TypedColumn> columns, string condition, CancellationToken cancel)
    {
        var marked = columns.Any(column => column.Name == SystemColumns.DeletedAt) ? $"count({SystemColumns.DeletedAt})" : "0";
        var texts = format.IsReadWhole ? columns.Where(column => column.Kind is ColumnType.Text or ColumnType.Json).ToList() : [];
        var widest = LongRows.Length(texts.Select(column => column.Quoted));
        var found = await connection.ListAsync(
            $"SELECT count(*), {marked}, CAST(coalesce(max({widest}), 0) AS BIGINT) FROM {_rows!.Source(condition: condition)}",
            row => new Size(row.GetInt64(0), Convert.ToInt64(row.GetValue(1), CultureInfo.InvariantCulture), row.GetInt64(2)),
            cancel);
        return found[0];
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Size(long Rows, long Marked, long WidestRow);
}

/// <summary>Finds the folders that rows belong in.</summary>
internal static class Folders
{
    public static async Task<IReadOnlyList<FolderOfRows>> FindAsync(
        DuckDBConnection connection, string table, IReadOnlyList<Partition> partitions, CancellationToken cancel)
    {
        if (partitions.Count == 0)
        {
            return [FolderOfRows.All];
        }

        var bounds = string.Join(", ", partitions.SelectMany(partition => new[] { partition.Start, partition.End }));
        return await connection.ListAsync($"SELECT DISTINCT {bounds} FROM {table} ORDER BY ALL NULLS FIRST", row => Read(row, partitions), cancel);
    }

    private static FolderOfRows Read(DuckDBDataReader row, IReadOnlyList<Partition> partitions)
    {
        var bounds = partitions.Select((partition, place) => (partition, start: Bound(row, place * 2), end: Bound(row, (place * 2) + 1))).ToList();
        return new FolderOfRows(
            string.Join('/', bounds.Select(bound => bound.partition.Folder(bound.start))),
            string.Join(" AND ", bounds.Select(bound => bound.partition.Condition(bound.start, bound.end))));
    }

    private static long? Bound(DuckDBDataReader row, int ordinal) => row.IsDBNull(ordinal) ? null : row.GetInt64(ordinal);
}

/// <summary>One folder of a table and the rows that belong in it.</summary>
/// <param name="Path">The folder's path below the table's, with slashes; empty for the table's own.</param>
/// <param name="Condition">The rows, as a condition in SQL.</param>
internal sealed record FolderOfRows(string Path, string Condition)
{
    /// <summary>All rows in the table's own folder.</summary>
    public static FolderOfRows All { get; } = new("", "true");
}
