using DuckDB.NET.Data;

namespace Sluice.Tests.DuckDb;

internal static class Database
{
    internal static DuckDBConnection InMemory() => File(":memory:");

    internal static DuckDBConnection File(string path)
    {
        var connection = new DuckDBConnection($"Data Source={path}");
        connection.Open();
        return connection;
    }

    internal static int Execute(this DuckDBConnection connection, string sql)
    {
        using var command = connection.Command(sql);
        return command.ExecuteNonQuery();
    }

    internal static object? Scalar(this DuckDBConnection connection, string sql)
    {
        using var command = connection.Command(sql);
        return command.ExecuteScalar();
    }

    internal static DuckDBCommand Command(this DuckDBConnection connection, string sql)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }

    internal static List<object?[]> Rows(this DuckDBConnection connection, string sql)
    {
        using var command = connection.Command(sql);
        using var reader = command.ExecuteReader();
        var rows = new List<object?[]>();
        while (reader.Read())
        {
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(reader.Value)]);
        }

        return rows;
    }

    /// <summary>The value as the product tells it: times with their offset.</summary>
    internal static object Value(this DuckDBDataReader reader, int ordinal) =>
        !reader.IsDBNull(ordinal) && reader.GetFieldType(ordinal) == typeof(DateTime)
            ? reader.GetFieldValue<DateTimeOffset>(ordinal)
            : reader.GetValue(ordinal);
}
