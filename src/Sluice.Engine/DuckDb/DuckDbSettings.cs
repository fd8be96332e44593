using DuckDB.NET.Data;

namespace Sluice.Engine.DuckDb;

/// <summary>How DuckDB is opened: bounded memory, and times shown in UTC.</summary>
public static class DuckDbSettings
{
    /// <summary>Names the environment variable that replaces the memory limit, such as 1GB.</summary>
    public const string MemoryVariable = "SLUICE_DUCKDB_MEMORY";

    private const string DefaultMemory = "160MB";

    /// <summary>What is set on each connection.</summary>
    internal const string Session = "SET TimeZone = 'UTC'";

    /// <summary>Opens a database file, and makes it when there is none.</summary>
    public static async Task<InterruptibleConnection> OpenAsync(string path, CancellationToken cancel)
    {
        var connection = new InterruptibleConnection(ConnectionString(path));
        try
        {
            await connection.OpenAsync(cancel);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>The connection string for a file.</summary>
    public static string ConnectionString(string path)
    {
        var builder = new DuckDBConnectionStringBuilder { DataSource = RealPath(path) };
        builder["memory_limit"] = Environment.GetEnvironmentVariable(MemoryVariable) is { Length: > 0 } wanted ? wanted : DefaultMemory;

        // One thread: it compresses while the other core reads pages; two would spill to disk under this memory limit and be slower.
        builder["threads"] = "1";

        // DuckDB's allocator keeps what it has freed: without these a million rows leave 140 MB more in the process than they need.
        builder["allocator_flush_threshold"] = "8MB";
        builder["allocator_bulk_deallocation_flush_threshold"] = "16MB";
        // DuckDB 1.5.6 pushes a join's filter below LIMIT by race, and then rows are wrong.
        builder["disabled_optimizers"] = "join_filter_pushdown";

        // Nothing is fetched behind anybody's back.
        builder["autoinstall_known_extensions"] = "false";
        builder["autoload_known_extensions"] = "false";
        return builder.ConnectionString;
    }

    // One name for one file: DuckDB would open it a second time by another name, and two instances spoil it.
    private static string RealPath(string path)
    {
        var full = Path.GetFullPath(path);
        return File.Exists(full) && File.ResolveLinkTarget(full, returnFinalTarget: true) is { } target ? target.FullName : full;
    }
}
