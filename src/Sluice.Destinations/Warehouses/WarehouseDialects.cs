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

    private static WarehouseDialect? Find(string name) =>
        All.FirstOrDefault(dialect => dialect.Name.Equals(name.Trim(), StringComparison.OrdinalIgnoreCase));
}
