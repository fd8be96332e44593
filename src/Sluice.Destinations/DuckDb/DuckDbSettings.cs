using Sluice.DuckDb;

namespace Sluice.Destinations.DuckDb;

/// <summary>How DuckDB is opened: bounded memory, and times shown in UTC.</summary>
internal static class DuckDbSettings
{
    /// <summary>Names the environment variable that replaces the memory limit, such as 1GB.</summary>
    public const string MemoryVariable = "SLUICE_DUCKDB_MEMORY";

    private const string DefaultMemory = "160MB";

    /// <summary>Session settings.</summary>
    public const string Session = "SET TimeZone = 'UTC'";

    public static string ConnectionString(string path)
    {
        var builder = new DuckDBConnectionStringBuilder { DataSource = path };
        builder["memory_limit"] = Environment.GetEnvironmentVariable(MemoryVariable) is { Length: > 0 } wanted ? wanted : DefaultMemory;
        return builder.ConnectionString;
    }
}
