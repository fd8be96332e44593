using Sluice.Engine.DuckDb;
using DuckDB.NET.Data;

namespace Sluice.ServerTests.Cli;

/// <summary>Asks a DuckDB file that the tool has written.</summary>
internal static class Database
{
    public static async Task<long> CountAsync(string path, string sql)
    {
        await using var connection = Open(path);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(await command.ExecuteScalarAsync(Tool.Cancel), System.Globalization.CultureInfo.InvariantCulture);
    }

    public static DuckDBConnection Open(string path)
    {
        var connection = new InterruptibleConnection(DuckDbSettings.ConnectionString(path));
        connection.Open();
        return connection;
    }
}
