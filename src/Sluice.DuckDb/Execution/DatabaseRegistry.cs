namespace Sluice.DuckDb.Execution;

/// <summary>
/// The open databases of this process by full path. DuckDB's file lock does not stop a process from opening a file twice,
/// and two instances on one file destroy it: hence one shared instance a file.
/// </summary>
internal static class DatabaseRegistry
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, DatabaseInstance> Shared =
        new(OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);

    internal static DatabaseInstance Acquire(DuckDBConnectionStringBuilder source)
    {
        var key = KeyOf(source.DataSource);
        lock (Gate)
        {
            if (key is not null && Shared.TryGetValue(key, out var open))
            {
                RequireSameSettings(open, source);
                open.Connections++;
                return open;
            }
            var instance = DatabaseInstance.Open(key, NativePath(source.DataSource, key), source.Settings());
            instance.Connections = 1;
            if (key is not null)
                Shared.Add(key, instance);
            return instance;
        }
    }

    internal static void AddConnection(DatabaseInstance instance)
    {
        lock (Gate)
            instance.Connections++;
    }

    internal static void Release(DatabaseInstance instance)
    {
        lock (Gate)
        {
            if (--instance.Connections > 0)
                return;
            if (instance.Key is { } key)
                Shared.Remove(key);
            // Inside the lock: another thread that opens the file next has to find it closed.
            instance.Handle.Dispose();
        }
    }

    internal static string? KeyOf(string dataSource)
    {
        if (dataSource.Length == 0)
            throw new InvalidOperationException("The connection string has no Data Source: name a file, or :memory:.");
        if (!IsInMemory(dataSource))
            return FilePath.Real(dataSource);
        return dataSource.Length == DuckDBConnectionStringBuilder.InMemoryDataSource.Length ? null : dataSource;
    }

    private static bool IsInMemory(string dataSource) =>
        dataSource.StartsWith(DuckDBConnectionStringBuilder.InMemoryDataSource, StringComparison.OrdinalIgnoreCase);

    private static string NativePath(string dataSource, string? key) =>
        IsInMemory(dataSource) ? DuckDBConnectionStringBuilder.InMemoryDataSource : key!;

    private static void RequireSameSettings(DatabaseInstance open, DuckDBConnectionStringBuilder source)
    {
        var wanted = source.Settings();
        foreach (var name in source.ExplicitKeys())
        {
            open.Settings.TryGetValue(name, out var current);
            if (!string.Equals(current, wanted[name], StringComparison.OrdinalIgnoreCase))
            {
                throw new InvalidOperationException(
                    $"'{source.DataSource}' is already open in this process with {name}={current ?? "(default)"}, not {wanted[name]}: "
                    + "use the same settings, leave them out to share those of the first connection, or close it before.");
            }
        }
    }
}
