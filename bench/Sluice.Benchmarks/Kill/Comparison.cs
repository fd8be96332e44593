using System.Globalization;
using DuckDB.NET.Data;
using Sluice.Engine.Catalog;
using Sluice.Engine.DuckDb;
using Sluice.Simulator;

namespace Sluice.Benchmarks.Kill;

/// <summary>Compares what killed runs left with the world, with an undisturbed run, and with what must not be left at all.</summary>
internal static class Comparison
{
    private const string Schema = "customerio";

    public static void Run(Scenario scenario, World world, RunPlace place, RunPlace twin, bool isFirst, SeedResult result)
    {
        using var connection = new DuckDBConnection($"Data Source={place.Database}");
        connection.Open();
        Rows.Run(connection, $"ATTACH {DuckDBLiteral.Quote(twin.Database)} AS undisturbed (READ_ONLY)");
        foreach (var table in scenario.Tables.Select(name => TableName.Parse(name, ResourceCatalog.Default)))
        {
            result.Differences.AddRange(TwinComparison.Differences(connection, Schema, table.TableIdentifier));
            if (WorldRows.Of(world, table, isFirst) is { } rows)
            {
                result.Rows += rows.Count;
                result.Differences.AddRange(WorldComparison.Differences(connection, Schema, table, rows, !isFirst && KeepsOldRows(scenario, table)));
            }
        }

        result.Differences.AddRange(Leftovers(connection));
        result.Differences.AddRange(place.Remains().Select(file => $"left in the work folder: {file}"));
    }

    /// <summary>The id and the exit code of the run that was written down last.</summary>
    public static (string? Id, long Code) LastRun(RunPlace place)
    {
        using var connection = new DuckDBConnection($"Data Source={place.Database}");
        connection.Open();
        var last = Rows.Read(connection, $"SELECT run_id, exit_code FROM {Schema}._sluice_runs ORDER BY started_at DESC, ended_at DESC LIMIT 1");
        return last is [var row] ? ((string?)row[0], Convert.ToInt64(row[1], CultureInfo.InvariantCulture)) : (null, -1);
    }

    // Append keeps older versions of a row, and what a list forgets is not known to be deleted.
    private static bool KeepsOldRows(Scenario scenario, TableName table) =>
        scenario.Strategy == "append" || !ResourceCatalog.Default.Find(table.Resource)!.ListsAll;

    private static IEnumerable<string> Leftovers(DuckDBConnection connection) =>
        Rows.Read(
                connection,
                "SELECT table_name FROM duckdb_tables() WHERE database_name = current_database() AND starts_with(table_name, '_sluice_new_')")
            .Select(row => $"left in the database: {row[0]}");
}
