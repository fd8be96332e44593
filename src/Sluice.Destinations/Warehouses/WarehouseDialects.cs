using Sluice.Engine;
using Sluice.Engine.Catalog;

namespace Sluice.Destinations.Warehouses;

/// <summary>The engines that statements can be written for.</summary>
public static class WarehouseDialects
{
    internal static IReadOnlyList<WarehouseDialect> All { get; } =
    [
        new SnowflakeDialect(),
        new BigQueryDialect(),
        new RedshiftDialect(),
        new AthenaDialect(),
        new SparkDialect(),
        new DatabricksDialect(),
        new TrinoDialect(),
        new ClickHouseDialect(),
    ];

    /// <summary>The names by which they are asked for.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(dialect => dialect.Name)];

    /// <summary>Whether it is one of the names, in any case.</summary>
    public static bool IsKnown(string name) => Find(name) is not null;

    /// <summary>Writes the script that loads or mounts the tables; nothing but SQL and its comments.</summary>
    /// <exception cref="SluiceException">The engine is not known, or it can't do what is asked for (kind Config).</exception>
    public static string Write(string name, DdlRequest request)
    {
        var dialect = Find(name) ?? throw Unknown(name);
        var mistakes = new ValidationErrors();
        foreach (var (message, hint) in dialect.Refusals(request))
        {
            mistakes.Add(message, hint);
        }

        mistakes.ThrowIfAny();
        return DdlScript.Write(dialect, request);
    }

    /// <summary>The error for a name that is none, with the names that there are.</summary>
    public static SluiceException Unknown(string? name)
    {
        var all = $"There are {string.Join(", ", Names)}.";
        return string.IsNullOrWhiteSpace(name)
            ? new SluiceException(SluiceErrorKind.Config, "Which engine? --dialect is missing.", all)
            : new SluiceException(
                SluiceErrorKind.Config, $"There is no dialect '{name}'.", Suggestion.For(name, Names) is { } meant ? $"{meant} {all}" : all);
    }

    /// <summary>Says how an engine gets the tables that Sluice has no driver for; null for a scheme that is none's.</summary>
    /// <param name="scheme">What an address begins with, as snowflake or redshift+psycopg2.</param>
    /// <param name="drivers">The schemes that there are drivers for.</param>
    internal static SluiceException? WayTo(string scheme, IReadOnlyList<string> drivers)
    {
        if (Find(scheme.Split('+')[0]) is not { } dialect || drivers.Contains(dialect.Name, StringComparer.Ordinal))
        {
            return null;
        }

        return new SluiceException(
            SluiceErrorKind.Config,
            $"Sluice has no driver for {scheme}://: {dialect.Title} loads the Parquet files that Sluice writes into a bucket.",
            "Give --dest-uri 's3://BUCKET/PREFIX?format=parquet' (or azblob://), and print the statements that load them: "
                + $"sluice ddl --dialect {dialect.Name} --location s3://BUCKET/PREFIX. docs/warehouses.md has the whole way.");
    }

    private static WarehouseDialect? Find(string name) =>
        All.FirstOrDefault(dialect => dialect.Name.Equals(name.Trim(), StringComparison.OrdinalIgnoreCase));
}
