namespace Sluice.DuckDb.Execution;

/// <summary>Statements that the library itself runs.</summary>
internal static class ConnectionSql
{
    internal static void Execute(this DuckDBConnection connection, string sql)
    {
        using var command = new DuckDBCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    internal static object Scalar(this DuckDBConnection connection, string sql)
    {
        using var command = new DuckDBCommand(sql, connection);
        return command.ExecuteScalar()!;
    }
}
