using System.Globalization;
using Sluice.Destinations.Staging;
using Sluice.Engine.DuckDb;

namespace Sluice.Destinations.ClickHouse;

/// <summary>Sends staged rows as Parquet, in files of which one is written while the one before is on its way.</summary>
internal sealed class ParquetUpload(ClickHouseClient client, StagedTable staged)
{
    private const string FileStart = "upload-";

    // What DuckDB keeps together in its tables, and reads only where it is asked for.
    private const int ChunkRows = 122_880;
    private const int ChunksAFile = 2;
    private const long GroupBytes = 24L << 20;
    private const long SmallestGroup = 1024;

    /// <summary>Sends all rows.</summary>
    /// <param name="table">The table, quoted.</param>
    /// <param name="columns">The columns that are sent.</param>
    /// <param name="value">DuckDB's expression for a column, given how many rows have been sent before.</param>
    /// <param name="rowBytes">About how long a row is.</param>
    /// <param name="cancel">Stops between two files.</param>
    public async Task SendAsync(string table, IReadOnlyList<ClickHouseColumn> columns, Func<ClickHouseColumn, long, string> value, long rowBytes, CancellationToken cancel)
    {
        // By place, not by name: a name with a point in it would be looked for inside another column.
        var structure = string.Join(", ", columns.Select((column, place) => $"c{Text(place)} {column.Type}"));
        var sql = $"INSERT INTO {table} ({string.Join(", ", columns.Select(column => column.Quoted))}) SELECT * FROM input({ClickHouseText.Literal(structure)}) FORMAT Parquet";
        var chunks = await staged.Connection.ListAsync(
            $"SELECT min(rowid), max(rowid), count(*) FROM {staged.Name} GROUP BY rowid // {Text(ChunkRows)} ORDER BY 1", row => (First: row.GetInt64(0), Last: row.GetInt64(1), Rows: row.GetInt64(2)), cancel);
        var group = Math.Clamp(GroupBytes / rowBytes, SmallestGroup, ChunkRows / 2);
        var (running, before) = (Task.CompletedTask, 0L);
        ClearScratch();
        try
        {
            foreach (var chunk in chunks.Chunk(ChunksAFile))
            {
                var path = Path.Combine(staged.Target.StageFolder, $"{FileStart}{Guid.NewGuid():N}.parquet");
                var select = string.Join(", ", columns.Select((column, place) => $"{value(column, before)} AS c{Text(place)}"));
                await WriteAsync($"SELECT {select} FROM {staged.Name} WHERE rowid BETWEEN {Text(chunk[0].First)} AND {Text(chunk[^1].Last)}", path, group, cancel);
                var sent = running;
                running = SendAsync(sql, path, sent, cancel);
                await sent;
                before += chunk.Sum(one => one.Rows);
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
        var codec = client.Address.Compresses ? "zstd" : "snappy";
        try
        {
            await Task.Run(
                () => staged.Connection.RunAsync($"COPY ({select}) TO {DuckDBLiteral.Quote(path)} (FORMAT parquet, COMPRESSION {codec}, ROW_GROUP_SIZE {Text(group)})", cancel), cancel);
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
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20, useAsync: true);
            using var content = new StreamContent(file, 1 << 20);
            await client.InsertAsync(sql, content, cancel);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
