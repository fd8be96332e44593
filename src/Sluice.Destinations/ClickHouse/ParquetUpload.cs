using System.Globalization;
using Sluice.Engine.Catalog;
using Sluice.Engine.DuckDb;
using Sluice.Engine.Load.Staging;
using Sluice.Engine.Shape;

namespace Sluice.Destinations.ClickHouse;

/// <summary>Sends staged rows as Parquet, in files of which one is written while the one before is on its way.</summary>
internal sealed class ParquetUpload(ClickHouseServer server, StagedTable staged)
{
    private const string FileStart = "upload-";

    // A file of two of the groups that DuckDB keeps its tables in, which it reads only where it is asked for.
    private const long FileRows = 2 * 122_880;

    // DuckDB has at least so many rows in memory, twice and more, when it writes Parquet: of long rows a file has fewer.
    private const int VectorRows = 2048;
    private const long GroupBytes = 24L << 20;
    private const long LongRowsBytes = 16L << 20;

    /// <summary>Sends all staged rows.</summary>
    /// <param name="table">The table, quoted.</param>
    /// <param name="columns">Its columns: the staged ones, and what tells rows apart.</param>
    /// <param name="version">The number of the load.</param>
    /// <param name="keepsAll">Whether rows of one key are all to be kept.</param>
    /// <param name="cancel">Stops between two files; the table then has some of the rows.</param>
    public async Task RowsAsync(string table, IReadOnlyList<ClickHouseColumn> columns, long version, bool keepsAll, CancellationToken cancel)
    {
        var types = await staged.ReadColumnsAsync(cancel);
        var sent = columns.Where(column => ClickHouseTable.IsHidden(column.Name) || types.ContainsKey(column.Name)).ToList();
        var rows = await LongRows.OfAsync(staged.Connection, staged.Name, cancel);
        var rowBytes = (8L * types.Count) + await rows.AverageAsync(staged.Connection, cancel);
        var fileRows = rowBytes * VectorRows > GroupBytes ? Math.Max(1, LongRowsBytes / rowBytes) : FileRows;
        var parts = await staged.Connection.ListAsync(
            $"SELECT min(rowid), max(rowid), count(*) FROM {staged.Name} GROUP BY rowid // {Text(fileRows)} ORDER BY 1",
            row => (First: row.GetInt64(0), Last: row.GetInt64(1), Rows: row.GetInt64(2)), cancel);
        var before = 0L;
        var selects = new List<string>();
        foreach (var part in parts)
        {
            var values = sent.Select(column => column.Name switch
            {
                ClickHouseTable.Row => RowNumber(version, before, keepsAll),
                ClickHouseTable.Version => $"{Text(version)}::BIGINT",
                ClickHouseTable.IsDeleted => "false",
                _ => Value(column, types[column.Name]),
            });
            selects.Add(Select(values, $"{staged.Name} WHERE rowid BETWEEN {Text(part.First)} AND {Text(part.Last)}"));
            before += part.Rows;
        }

        await SendAsync(table, sent, selects, Math.Clamp(GroupBytes / rowBytes, VectorRows, FileRows / 4), cancel);
    }

    /// <summary>Sends what did not fit; the same rows get the same numbers each time.</summary>
    public Task RejectsAsync(string table, IReadOnlyList<ClickHouseColumn> columns, CancellationToken cancel)
    {
        var values = columns.Select(column => column.Name switch
        {
            "table_name" => DuckDBLiteral.Quote(staged.Target.Table),
            ClickHouseTable.Row => "row_number() OVER ()",
            "rejected_at" => column.Name,
            _ => $"CAST({column.Name} AS VARCHAR)",
        });
        var sorted = $"(SELECT * FROM ({staged.RejectsSql}) ORDER BY CAST(record_key AS VARCHAR), column_name, raw_value) AS rejects";
        return SendAsync(table, columns, [Select(values, sorted)], VectorRows, cancel);
    }

    // By place, not by name: a name with a point in it would be looked for inside another column.
    private static string Select(IEnumerable<string> values, string from) =>
        $"SELECT {string.Join(", ", values.Select((value, index) => $"{value} AS c{Text(index)}"))} FROM {from}";

    private async Task SendAsync(
        string table, IReadOnlyList<ClickHouseColumn> columns, IEnumerable<string> selects, long group, CancellationToken cancel)
    {
        var structure = string.Join(", ", columns.Select((column, index) => $"c{Text(index)} {column.Type}"));
        var names = string.Join(", ", columns.Select(column => column.Quoted));
        var sql = $"INSERT INTO {table} ({names}) SELECT * FROM input({ClickHouseText.Literal(structure)}) FORMAT Parquet";
        var running = Task.CompletedTask;
        ClearScratch();
        try
        {
            foreach (var select in selects)
            {
                var path = Path.Combine(staged.Target.StageFolder, $"{FileStart}{Guid.NewGuid():N}.parquet");
                await WriteAsync(select, path, group, cancel);
                var before = running;
                running = SendAsync(sql, path, before, cancel);
                await before;
            }
        }
        finally
        {
            await running;
        }
    }

    // What a killed run has left: tables are published one at a time.
    private void ClearScratch()
    {
        Directory.CreateDirectory(staged.Target.StageFolder);
        foreach (var left in Directory.EnumerateFiles(staged.Target.StageFolder, $"{FileStart}*.parquet").ToList())
        {
            File.Delete(left);
        }
    }

    private async Task WriteAsync(string select, string path, long group, CancellationToken cancel)
    {
        var codec = server.Address.Compresses ? "zstd" : "snappy";
        var copy = $"COPY ({select}) TO {DuckDBLiteral.Quote(path)} (FORMAT parquet, COMPRESSION {codec}, ROW_GROUP_SIZE {Text(group)})";
        try
        {
            await Task.Run(() => staged.Connection.RunAsync(copy, cancel), cancel);
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    private async Task SendAsync(string sql, string path, Task before, CancellationToken cancel)
    {
        try
        {
            await before;
            await server.InsertAsync(sql, new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20, useAsync: true), cancel);
        }
        finally
        {
            File.Delete(path);
        }
    }

    // DuckDB's expression that gives a staged value as a column takes it.
    private static string Value(ClickHouseColumn column, string staged)
    {
        var name = StagingTables.Quote(column.Name);
        return (column.Meaning, SqlType.Parse(staged)) switch
        {
            (ColumnType.Bigint or ColumnType.Boolean, _) or (ColumnType.Timestamp, ColumnType.Timestamp) => name,
            (ColumnType.Double, _) => $"CAST({name} AS DOUBLE)",
            _ => $"CAST({name} AS VARCHAR)",
        };
    }

    // The one row of a key is number 0. Rows without a key, and those of a table that keeps all versions, have a number of their own for good.
    private string RowNumber(long version, long before, bool keepsAll)
    {
        var apart = $"{Text((version << ClickHouseTable.RowBits) + before)} + row_number() OVER ()";
        var key = staged.Target.PrimaryKey;
        return keepsAll || key.Count == 0
            ? apart
            : $"CASE WHEN {string.Join(" AND ", key.Select(name => $"{StagingTables.Quote(name)} IS NOT NULL"))} THEN 0 ELSE {apart} END";
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
