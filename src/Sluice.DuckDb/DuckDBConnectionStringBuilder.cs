using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace Sluice.DuckDb;

/// <summary>A connection string: <c>Data Source</c> plus any of DuckDB's configuration keys, and <c>TimeZone</c> and <c>Calendar</c> of its connection.</summary>
public sealed class DuckDBConnectionStringBuilder : DbConnectionStringBuilder
{
    /// <summary>The data source of a database that lives in memory and belongs to one connection.</summary>
    public const string InMemoryDataSource = ":memory:";

    /// <summary>The connection string of a private database in memory.</summary>
    public const string InMemoryConnectionString = $"{DataSourceKey}={InMemoryDataSource}";

    private const string DataSourceKey = "Data Source";

    // DuckDB learns these from its built-in icu after it has opened, and refuses them before.
    private static readonly string[] SessionKeys = ["TimeZone", "Calendar"];

    /// <summary>Makes an empty connection string.</summary>
    public DuckDBConnectionStringBuilder()
    {
    }

    /// <summary>Reads a connection string.</summary>
    /// <exception cref="ArgumentException">It is malformed.</exception>
    public DuckDBConnectionStringBuilder(string connectionString) => ConnectionString = connectionString;

    /// <summary>A file, <c>:memory:</c> (private), or <c>:memory:name</c> (shared in the process by its name).</summary>
    public string DataSource
    {
        get => TryGetValue(DataSourceKey, out var value) ? (string)value : "";
        set => this[DataSourceKey] = value;
    }

    /// <inheritdoc />
    [AllowNull]
    public override object this[string keyword]
    {
        get => base[Canonical(keyword)];
        set => base[Canonical(keyword)] = value;
    }

    /// <inheritdoc />
    public override bool ContainsKey(string keyword) => base.ContainsKey(Canonical(keyword));

    /// <inheritdoc />
    public override bool Remove(string keyword) => base.Remove(Canonical(keyword));

    /// <inheritdoc />
    public override bool TryGetValue(string keyword, [NotNullWhen(true)] out object? value) => base.TryGetValue(Canonical(keyword), out value);

    /// <summary>The configuration for DuckDB: what was given, and no extension fetched or loaded unless it was asked for.</summary>
    internal IReadOnlyDictionary<string, string> Settings()
    {
        var settings = new SortedDictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["autoinstall_known_extensions"] = "false",
            ["autoload_known_extensions"] = "false",
        };
        foreach (var key in ExplicitKeys())
            settings[key] = (string)base[key];
        return settings;
    }

    /// <summary>The configuration keys that the connection string names itself.</summary>
    internal IEnumerable<string> ExplicitKeys() =>
        Keys.Cast<string>().Where(key => !string.Equals(key, DataSourceKey, StringComparison.OrdinalIgnoreCase) && !IsOfSession(key));

    /// <summary>The settings that belong to one connection, to be SET when it is open.</summary>
    internal IEnumerable<(string Name, string Value)> SessionSettings() =>
        Keys.Cast<string>().Where(IsOfSession).Select(key => (key, (string)base[key]));

    private static bool IsOfSession(string key) => SessionKeys.Contains(key, StringComparer.OrdinalIgnoreCase);

    private static string Canonical(string keyword) =>
        string.Equals(keyword, "DataSource", StringComparison.OrdinalIgnoreCase) ? DataSourceKey : keyword;
}
