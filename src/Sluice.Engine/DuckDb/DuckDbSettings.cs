using Sluice.DuckDb;

namespace Sluice.Engine.DuckDb;

/// <summary>How DuckDB is opened: bounded memory, and times shown in UTC.</summary>
public static class DuckDbSettings
{
    /// <summary>Names the environment variable that replaces the memory limit, such as 1GB.</summary>
    public const string MemoryVariable = "SLUICE_DUCKDB_MEMORY";

    private const string DefaultMemory = "160MB";

    /// <summary>Session settings.</summary>
    public const string Session = "SET TimeZone = 'UTC'";

    /// <summary>Opens a database file, and makes it when there is none.</summary>
    public static async Task<DuckDBConnection> OpenAsync(string path, CancellationToken cancel)
    {
        var connection = new DuckDBConnection(ConnectionString(path));
        try
        {
            await connection.OpenAsync(cancel);
            await connection.RunAsync(Session, cancel);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static string ConnectionString(string path)
    {
        var builder = new DuckDBConnectionStringBuilder { DataSource = path };
        builder["memory_limit"] = Environment.GetEnvironmentVariable(MemoryVariable) is { Length: > 0 } wanted ? wanted : DefaultMemory;

        // One thread: it compresses while the other core reads pages; two would spill to disk under this memory limit and be slower.
        builder["threads"] = "1";

        // DuckDB's allocator keeps what it has freed: without these a million rows leave 140 MB more in the process than they need.
        builder["allocator_flush_threshold"] = "8MB";
        builder["allocator_bulk_deallocation_flush_threshold"] = "16MB";
        return builder.ConnectionString;
    }
}
