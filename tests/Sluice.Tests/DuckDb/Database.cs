using Sluice.DuckDb;

namespace Sluice.Tests.DuckDb;

internal static class Database
{
    internal static DuckDBConnection InMemory(string settings = "")
    {
        var connection = new DuckDBConnection($"Data Source=:memory:;{settings}");
        connection.Open();
        return connection;
    }

    internal static DuckDBConnection File(string path, string settings = "")
    {
        var connection = new DuckDBConnection($"Data Source={path};{settings}");
        connection.Open();
        return connection;
    }

    internal static int Execute(this DuckDBConnection connection, string sql, params object?[] parameters)
    {
        using var command = connection.Command(sql, parameters);
        return command.ExecuteNonQuery();
    }

    internal static object? Scalar(this DuckDBConnection connection, string sql, params object?[] parameters)
    {
        using var command = connection.Command(sql, parameters);
        return command.ExecuteScalar();
    }

    internal static DuckDBCommand Command(this DuckDBConnection connection, string sql, params object?[] parameters)
    {
        var command = new DuckDBCommand(sql, connection);
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter as DuckDBParameter ?? new DuckDBParameter(parameter));
        return command;
    }

    internal static List<object?[]> Rows(this DuckDBConnection connection, string sql, params object?[] parameters)
    {
        using var command = connection.Command(sql, parameters);
        using var reader = command.ExecuteReader();
        var rows = new List<object?[]>();
        while (reader.Read())
        {
            var row = new object?[reader.FieldCount];
            reader.GetValues(row!);
            rows.Add(row);
        }
        return rows;
    }
}
