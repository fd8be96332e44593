using DuckDB.NET.Data;
using Sluice.Engine.DuckDb;

namespace Sluice.Destinations.Files.Partitions;

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
