using DuckDB.NET.Data;
using Sluice.Engine.DuckDb;

namespace Sluice.Destinations.Staging;

/// <summary>Reads the columns that a table has.</summary>
internal static class TableColumns
{
    /// <summary>Gives column names and types in order; empty when there is no such table.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> ReadAsync(DuckDBConnection connection, string schema, string table, CancellationToken cancel)
    {
        var columns = await connection.ListAsync(
            "SELECT column_name, data_type FROM duckdb_columns() WHERE schema_name = $schema AND table_name = $table AND database_name = current_database() ORDER BY column_index",
            row => KeyValuePair.Create(row.GetString(0), row.GetString(1)),
            cancel,
            ("schema", schema),
            ("table", table));
        return new OrderedDictionary<string, string>(columns, StringComparer.OrdinalIgnoreCase);
    }
}
