using DuckDB.NET.Data;

namespace Sluice.Benchmarks.Destinations;

/// <summary>
/// What a destination is measured against: the least that must be done to bring the same rows to the same place, from a DuckDB table.
/// </summary>
internal abstract class Yardstick(string database)
{
    /// <summary>The table with the rows.</summary>
    protected const string Source = "customerio.messages";

    /// <summary>What it does, in words.</summary>
    public abstract string Name { get; }

    /// <summary>Brings the rows into an empty place like the destination's table, and gives what that cost.</summary>
    public abstract Task<Cost> ReplaceAsync();

    /// <summary>Brings the rows into a table with others and the key's index; null where nobody would do it by hand.</summary>
    public virtual Task<Cost?> MergeAsync() => Task.FromResult<Cost?>(null);

    /// <summary>The yardstick for an address, or null when there is none.</summary>
    public static Yardstick? For(string uri, string database, string folder) => uri[..uri.IndexOf("://", StringComparison.Ordinal)] switch
    {
        "postgresql" or "postgres" => new PostgresYardstick(uri, database),
        "sqlite" => new SqliteYardstick(uri, database, folder),
        "clickhouse" => new ClickHouseYardstick(uri, database, folder),
        "parquet" or "csv" => new CopyYardstick(uri, database, folder),
        _ => null,
    };

    protected DuckDBConnection Open()
    {
        var connection = new DuckDBConnection($"Data Source={database};memory_limit=160MB;threads=1");
        connection.Open();
        return connection;
    }

    protected static DuckDBDataReader Read(DuckDBConnection connection, string select = "*")
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {select} FROM {Source}";
        return (DuckDBDataReader)command.ExecuteReader();
    }
}
