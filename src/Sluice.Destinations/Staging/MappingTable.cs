using DuckDB.NET.Data;
using Sluice.Engine.DuckDb;

namespace Sluice.Destinations.Staging;

/// <summary>The table <c>_sluice_columns</c> of a DuckDB database.</summary>
internal static class MappingTable
{
    /// <summary>The mapping of one table, in the order in which columns were added.</summary>
    public static Task<IReadOnlyList<MappedColumn>> ReadAsync(DuckDBConnection connection, string schema, string table, CancellationToken cancel) => connection.ListAsync(
        $"SELECT field, column_name, column_type, run_id, added_at FROM {StageTables.Name(connection.Database, schema, StageTables.Columns)} WHERE table_name = $table ORDER BY rowid",
        row => new MappedColumn(row.IsDBNull(0) ? null : row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetFieldValue<DateTimeOffset>(4)),
        cancel,
        ("table", table));
}
