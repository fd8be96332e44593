using System.Globalization;
using System.Runtime.InteropServices;
using DuckDB.NET.Data;
using Sluice.Destinations.Files.Formats;
using Sluice.Destinations.Files.Manifests;
using Sluice.Destinations.Files.Partitions;
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
internal sealed class FileWriter(DuckDBConnection connection, ITableFormat format, string root, string names, long mostRows)
{
    private readonly List<DataFile> _files = [];

    /// <summary>Writes the rows of a table and gives the files; none if there are no rows.</summary>
    public async Task<IReadOnlyList<DataFile>> WriteAsync(
        string table, IReadOnlyList<TypedColumn> columns, IReadOnlyList<Partition> partitions, CancellationToken cancel)
    {
        _files.Clear();
        foreach (var folder in await Folders.FindAsync(connection, table, partitions, cancel))
        {
            var all = await MeasureAsync(table, columns, folder.Condition, cancel);
            foreach (var part in await SplitAsync(table, folder, all.Rows, cancel))
            {
                await CopyAsync(table, columns, part, all.Rows > mostRows ? await MeasureAsync(table, columns, part.Condition, cancel) : all, cancel);
            }
        }

        return [.. _files];
    }

    /// <summary>Writes a file without rows, which tells a reader the columns.</summary>
    public async Task<DataFile> WriteEmptyAsync(string table, IReadOnlyList<TypedColumn> columns, CancellationToken cancel)
    {
        await CopyAsync(table, columns, new FolderOfRows("", "false"), default, cancel);
        return _files[^1];
    }

    private async Task CopyAsync(string table, IReadOnlyList<TypedColumn> columns, FolderOfRows part, Size size, CancellationToken cancel)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{names}-{_files.Count + 1:0000}{format.Extension}");
        var path = part.Path.Length == 0 ? name : $"{part.Path}/{name}";
        var full = Path.Combine(root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        await connection.RunAsync(format.Copy(columns, $"{table} WHERE {part.Condition}", full), cancel);
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
        return [.. starts.Select((start, place) => folder with { Condition = string.Create(CultureInfo.InvariantCulture, $"{folder.Condition} AND rowid >= {start}{Until(starts, place)}") })];
    }

    private static string Until(IReadOnlyList<long> starts, int place) =>
        place + 1 == starts.Count ? "" : string.Create(CultureInfo.InvariantCulture, $" AND rowid < {starts[place + 1]}");

    private async Task<Size> MeasureAsync(string table, IReadOnlyList<TypedColumn> columns, string condition, CancellationToken cancel)
    {
        var marked = columns.Any(column => column.Name == SystemColumns.DeletedAt) ? $"count({SystemColumns.DeletedAt})" : "0";
        var texts = format.IsReadWhole ? columns.Where(column => ColumnText.TypeOf(column) is ColumnType.Text or ColumnType.Json).ToList() : [];
        var widest = string.Join(" + ", texts.Select(column => $"coalesce(strlen({ColumnText.Quote(column)}), 0)").Append("0"));
        var found = await connection.ListAsync(
            $"SELECT count(*), {marked}, CAST(coalesce(max({widest}), 0) AS BIGINT) FROM {table} WHERE {condition}",
            row => new Size(row.GetInt64(0), Convert.ToInt64(row.GetValue(1), CultureInfo.InvariantCulture), row.GetInt64(2)),
            cancel);
        return found[0];
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Size(long Rows, long Marked, long WidestRow);
}
