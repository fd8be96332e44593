using System.Globalization;
using DuckDB.NET.Data;
using Sluice.Destinations.Staging;
using Sluice.Engine.DuckDb;
using Sluice.Engine.Load;
using Sluice.Engine.Shape;

namespace Sluice.Destinations.DuckDb;

/// <summary>Makes the table that readers see wide enough for the staged rows, in the transaction of the rows. Nothing is ever made narrower.</summary>
internal sealed class LiveFitting(DuckDBConnection connection, LoadTarget target, LoadSql sql)
{
    /// <summary>Makes the live table take what the table aside holds, and tells what that changed.</summary>
    public async Task<List<SchemaChange>> FitAsync(
        IReadOnlyDictionary<string, string> live, IReadOnlyDictionary<string, string> aside, CancellationToken cancel)
    {
        var changes = new List<SchemaChange>();
        foreach (var (column, type) in aside)
        {
            if (!live.TryGetValue(column, out var had))
            {
                await connection.RunAsync(sql.AddToLive(column, type), cancel);
                changes.Add(Change(column, $"added as {type} to a table that lacked it"));
            }
            else if (await WiderAsync(column, had, type, cancel) is { } wider)
            {
                await connection.RunAsync(sql.WidenLive(column, wider), cancel);
                changes.Add(Change(column, $"widened from {had} to {wider}"));
            }
        }

        return changes;
    }

    /// <summary>The integer columns with a value that a double does not hold exactly.</summary>
    public async Task<IReadOnlySet<string>> LongIntegersAsync(IEnumerable<string> columns, CancellationToken cancel)
    {
        var asked = columns.ToList();
        if (asked.Count == 0)
        {
            return new HashSet<string>();
        }

        var flags = asked.Select(column => $"coalesce(bool_or({StageTables.Quote(column)} NOT BETWEEN -{Largest} AND {Largest}), false)");
        var found = await connection.ListAsync(
            $"SELECT {string.Join(", ", flags)} FROM {sql.Live}", row => asked.Where((_, place) => row.GetBoolean(place)).ToList(), cancel);
        return found[0].ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    private static string Largest => SqlType.LargestExactInDouble.ToString(CultureInfo.InvariantCulture);

    // The type that the live column must get, or null if it takes the rows as it is.
    private async Task<string?> WiderAsync(string column, string had, string type, CancellationToken cancel) => (had, type) switch
    {
        _ when had == type || had == "VARCHAR" => null,
        (_, "VARCHAR") => type,
        ("BIGINT", "DOUBLE") when !await HoldsLongIntegersAsync(sql.Live, column, cancel) => type,
        ("DOUBLE", "BIGINT") when !await HoldsLongIntegersAsync(sql.Aside, column, cancel) => null,
        _ => throw SchemaErrors.Unfit(target, column, had, type),
    };

    private async Task<bool> HoldsLongIntegersAsync(string table, string column, CancellationToken cancel) => await connection.ScalarAsync(
        $"SELECT count(*) FROM (SELECT 1 FROM {table} WHERE {StageTables.Quote(column)} NOT BETWEEN -{Largest} AND {Largest} LIMIT 1)", cancel) > 0;

    private SchemaChange Change(string column, string change) => new($"{target.Schema}.{target.Table}", column, change);
}
