using System.Globalization;
using System.Numerics;
using System.Text;
using DuckDB.NET.Data;

namespace Sluice.Engine.DuckDb;

/// <summary>One-line statements.</summary>
public static class ConnectionExtensions
{
    /// <summary>Runs a statement and gives the number of rows that it changed.</summary>
    public static async Task<int> RunAsync(
        this DuckDBConnection connection, string sql, CancellationToken cancel, params (string Name, object? Value)[] values)
    {
        await using var command = Command(connection, sql, values);
        return await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Gives the number in the first row; 0 when there is none.</summary>
    public static async Task<long> ScalarAsync(
        this DuckDBConnection connection, string sql, CancellationToken cancel, params (string Name, object? Value)[] values)
    {
        await using var command = Command(connection, sql, values);
        return ToNumber(await command.ExecuteScalarAsync(cancel));
    }

    /// <summary>The number that a statement gave, as which DuckDB has sums of any length; 0 for NULL.</summary>
    public static long ToNumber(object? value) => value switch
    {
        null or DBNull => 0,
        BigInteger sum => (long)sum,
        _ => Convert.ToInt64(value, CultureInfo.InvariantCulture),
    };

    /// <summary>Reads all rows.</summary>
    public static async Task<IReadOnlyList<T>> ListAsync<T>(
        this DuckDBConnection connection,
        string sql,
        Func<DuckDBDataReader, T> read,
        CancellationToken cancel,
        params (string Name, object? Value)[] values)
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

    /// <summary>Gives the column names and types of a table in their order; empty when there is no such table.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> ColumnsAsync(
        this DuckDBConnection connection, string schema, string table, CancellationToken cancel)
    {
        var sql = ColumnsSql(string.Join('.', new[] { connection.Database, schema, table }.Select(DuckDBIdentifier.Quote)));
        var columns = await OrNoneAsync(connection.ListAsync(sql, row => KeyValuePair.Create(row.GetString(0), row.GetString(1)), cancel));
        return new OrderedDictionary<string, string>(columns, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>
    /// Asks for the names and types of a table's columns, or for more that DESCRIBE tells of them. duckdb_columns() goes through the columns of all
    /// tables and of DuckDB's own views, which takes five times as long.
    /// </summary>
    /// <param name="name">The table's whole name, quoted.</param>
    /// <param name="values">What to select.</param>
    public static string ColumnsSql(string name, string values = "column_name, column_type") => $"SELECT {values} FROM (DESCRIBE {name})";

    /// <summary>Gives nothing where there is no such table. The error does not end the transaction.</summary>
    public static async Task<IReadOnlyList<T>> OrNoneAsync<T>(Task<IReadOnlyList<T>> columns)
    {
        try
        {
            return await columns;
        }
        catch (DuckDBException error) when (
            error.Message.StartsWith("Catalog Error", StringComparison.Ordinal) && error.Message.Contains("does not exist", StringComparison.Ordinal))
        {
            return [];
        }
    }

    /// <summary>Quotes a file's path for DuckDB's readers, which would take the letters of patterns for patterns.</summary>
    public static string QuotePath(string path) => DuckDBLiteral.Quote(
        string.Concat(path.Select(letter => letter is '*' or '?' or '[' ? $"[{letter}]" : letter.ToString())));

    /// <summary>
    /// Reads what is left of rows. A reader that is closed before its end leaves its transaction open until the connection's next statement: DuckDB
    /// then writes nothing from its log into the file, and keeps all that was changed meanwhile in memory.
    /// </summary>
    public static void ReadToEnd(this DuckDBDataReader reader)
    {
        while (reader.Read())
        {
        }
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

/// <summary>Names in SQL text.</summary>
public static class DuckDBIdentifier
{
    /// <summary>The name in double quotes, safe whatever it holds.</summary>
    /// <exception cref="ArgumentException">It is empty or holds a NUL character: no such name can exist.</exception>
    public static string Quote(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return name.Contains('\0', StringComparison.Ordinal)
            ? throw new ArgumentException("A name can't hold a NUL character.", nameof(name))
            : $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}

/// <summary>Text values in SQL text.</summary>
public static class DuckDBLiteral
{
    /// <summary>The text as a SQL expression, safe whatever it holds; a NUL character becomes <c>chr(0)</c>.</summary>
    public static string Quote(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var quoted = $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
        return quoted.Contains('\0', StringComparison.Ordinal)
            ? $"({quoted.Replace("\0", "' || chr(0) || '", StringComparison.Ordinal)})"
            : quoted;
    }
}
