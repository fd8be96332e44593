using Sluice.DuckDb.Native;

namespace Sluice.DuckDb.Execution;

/// <summary>One open database of this process, shared by its connections and closed with the last of them.</summary>
internal sealed class DatabaseInstance(string? key, DatabaseHandle handle, IReadOnlyDictionary<string, string> settings)
{
    internal string? Key => key;

    internal DatabaseHandle Handle => handle;

    internal IReadOnlyDictionary<string, string> Settings => settings;

    /// <summary>Guarded by the registry's lock.</summary>
    internal int Connections { get; set; }

    internal static DatabaseInstance Open(string? key, string path, IReadOnlyDictionary<string, string> settings)
    {
        NativeLibraryLoader.Register();
        using var config = CreateConfig(settings);
        var state = NativeMethods.duckdb_open_ext(NativeText.Terminated(path, "The data source"), out var handle, config, out var error);
        var message = NativeText.Owned(error);
        if (state == NativeState.Success)
            return new DatabaseInstance(key, handle, settings);
        handle.Dispose();
        throw new DuckDBException(message ?? $"DuckDB can't open '{path}'.");
    }

    internal ConnectionHandle Connect()
    {
        if (NativeMethods.duckdb_connect(handle, out var connection) == NativeState.Success)
            return connection;
        connection.Dispose();
        throw new DuckDBException("DuckDB refused another connection.", DuckDBErrorType.Connection);
    }

    private static ConfigHandle CreateConfig(IReadOnlyDictionary<string, string> settings)
    {
        if (NativeMethods.duckdb_create_config(out var config) != NativeState.Success)
            throw new DuckDBException("DuckDB can't create a configuration.", DuckDBErrorType.OutOfMemory);
        foreach (var (name, value) in settings)
        {
            var state = NativeMethods.duckdb_set_config(
                config, NativeText.Terminated(name, "A configuration key"), NativeText.Terminated(value, $"The value of {name}"));
            if (state == NativeState.Success)
                continue;
            config.Dispose();
            throw new DuckDBException(
                $"DuckDB does not accept the setting {name}={value} of the connection string.", DuckDBErrorType.InvalidConfiguration);
        }
        return config;
    }
}
