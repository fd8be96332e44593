using System.Globalization;
using System.Numerics;
using System.Text;
using DuckDB.NET.Data;

namespace Sluice.Engine.DuckDb;

/// <summary>One-line statements.</summary>
public static class ConnectionExtensions
{
    /// <summary>Runs a statement and gives the number of rows that it changed.</summary>
    public static async Task<int> RunAsync(this DuckDBConnection connection, string sql, CancellationToken cancel, params (string Name, object? Value)[] values)
    {
        await using var command = Command(connection, sql, values);
        return await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Gives the number in the first row; 0 when there is none.</summary>
    public static async Task<long> ScalarAsync(this DuckDBConnection connection, string sql, CancellationToken cancel, params (string Name, object? Value)[] values)
    {
        await using var command = Command(connection, sql, values);
        return await command.ExecuteScalarAsync(cancel) switch
        {
            null or DBNull => 0,
            BigInteger sum => (long)sum,
            var found => Convert.ToInt64(found, CultureInfo.InvariantCulture),
        };
    }

    /// <summary>Reads all rows.</summary>
    public static async Task<IReadOnlyList<T>> ListAsync<T>(
        this DuckDBConnection connection, string sql, Func<DuckDBDataReader, T> read, CancellationToken cancel, params (string Name, object? Value)[] values)
    {
        await using var command = Command(connection, sql, values);
        await using var reader = (DuckDBDataReader)await command.ExecuteReaderAsync(cancel);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancel))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <summary>The text of a column as UTF-8.</summary>
    public static ReadOnlySpan<byte> GetUtf8(this DuckDBDataReader reader, int ordinal) => Encoding.UTF8.GetBytes(reader.GetString(ordinal));

    private static DuckDBCommand Command(DuckDBConnection connection, string sql, (string Name, object? Value)[] values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values)
        {
            command.Parameters.Add(new DuckDBParameter(name, value));
        }

        return command;
    }
}
