using DuckDB.NET.Data;
using Sluice.Engine.Catalog;
using Sluice.Engine.DuckDb;
using Sluice.Engine.Load.Staging;
using Sluice.Engine.Shape;

namespace Sluice.Destinations.Merge;

/// <summary>A column that is written.</summary>
/// <param name="Name">Its name in the destination.</param>
/// <param name="Type">Its type there.</param>
/// <param name="Staged">Its name among the staged rows.</param>
internal sealed record LoadColumn(string Name, ColumnType Type, string Staged);

/// <summary>Reads staged rows in the form in which databases are given them.</summary>
internal static class StagedRowsReader
{
    /// <summary>The staged columns with the catalog's types.</summary>
    public static async Task<OrderedDictionary<string, ColumnType>> ColumnsAsync(StagedTable staged, CancellationToken cancel) =>
        new(
            (await staged.ReadColumnsAsync(cancel)).Select(column => KeyValuePair.Create(column.Key, SqlType.Parse(column.Value))),
            StringComparer.OrdinalIgnoreCase);

    /// <summary>The rows, each value of its column's type in the destination; times as microseconds since 1970.</summary>
    public static async Task<DuckDBDataReader> ReadAsync(
        StagedTable staged,
        OrderedDictionary<string, ColumnType> types,
        IReadOnlyList<LoadColumn> columns,
        CancellationToken cancel)
    {
        var rows = await LongRows.OfAsync(staged.Connection, staged.Name, cancel);
        var values = string.Join(", ", columns.Select(column => Value(column, types[column.Staged])));
        return await ReadAsync(staged.Connection, $"SELECT {values} FROM {rows.Source()}", cancel);
    }

    /// <summary>What did not fit: table_name, and then the columns of <see cref="StagedTable.RejectsSql"/>.</summary>
    /// <param name="staged">The rows.</param>
    /// <param name="text">What makes an expression for a text one for a text that the database can hold.</param>
    /// <param name="cancel">Stops the reading.</param>
    public static Task<DuckDBDataReader> RejectsAsync(StagedTable staged, Func<string, string> text, CancellationToken cancel) => ReadAsync(
        staged.Connection,
        // A raw value with U+0000, which few databases take in a text, is told as the JSON that it was.
        $"""
        SELECT {DuckDBLiteral.Quote(staged.Target.Table)}, {text("CAST(record_key AS VARCHAR)")}, column_name,
          {text("CASE WHEN contains(raw_value, chr(0)) THEN CAST(to_json(raw_value) AS VARCHAR) ELSE raw_value END")}, load_id, run_id,
          epoch_us(rejected_at)
        FROM ({staged.RejectsSql}) AS rejects
        """,
        cancel);

    /// <summary>The bytes of the longest key.</summary>
    public static Task<long> LongestKeyAsync(StagedTable staged, CancellationToken cancel)
    {
        var length = string.Join(" + ", staged.Target.PrimaryKey.Select(key => $"coalesce(strlen(CAST({StagingTables.Quote(key)} AS VARCHAR)), 0)"));
        return staged.Connection.ScalarAsync($"SELECT coalesce(max({length}), 0) FROM {staged.Name}", cancel);
    }

    private static async Task<DuckDBDataReader> ReadAsync(DuckDBConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (DuckDBDataReader)await command.ExecuteReaderAsync(cancel);
    }

    private static string Value(LoadColumn column, ColumnType staged)
    {
        var name = StagingTables.Quote(column.Staged);
        return column.Type == ColumnType.Timestamp && staged == ColumnType.Timestamp ? $"epoch_us({name})"
            : column.Type == staged ? name
            : $"CAST({name} AS {SqlType.Of(column.Type)})";
    }
}
