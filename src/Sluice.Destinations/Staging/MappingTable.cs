using Sluice.DuckDb;

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

    /// <summary>Replaces the mapping of one table.</summary>
    public static async Task WriteAsync(DuckDBConnection connection, string schema, string table, IReadOnlyList<MappedColumn> columns, CancellationToken cancel)
    {
        var name = StageTables.Name(connection.Database, schema, StageTables.Columns);
        await connection.RunAsync($"DELETE FROM {name} WHERE table_name = $table", cancel, ("table", table));
        foreach (var column in columns)
        {
            await connection.RunAsync(
                $"INSERT INTO {name} VALUES ($table, $field, $name, $type, $run, $at)",
                cancel,
                ("table", table),
                ("field", column.Field),
                ("name", column.Column),
                ("type", column.Type),
                ("run", column.RunId),
                ("at", column.AddedAt));
        }
    }
}
