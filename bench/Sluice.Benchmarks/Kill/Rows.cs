using DuckDB.NET.Data;

namespace Sluice.Benchmarks.Kill;

/// <summary>Asks a database for rows.</summary>
internal static class Rows
{
    public static void Run(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public static List<object?[]> Read(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<object?[]>();
        while (reader.Read())
        {
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => ValueOf(reader, i))]);
        }

        return rows;
    }

    private static object? ValueOf(DuckDBDataReader reader, int place) =>
        reader.IsDBNull(place) ? null
        : reader.GetFieldType(place) == typeof(DateTime) ? reader.GetFieldValue<DateTimeOffset>(place)
        : reader.GetValue(place);
}
