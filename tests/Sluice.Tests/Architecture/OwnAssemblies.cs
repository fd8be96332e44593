using System.Reflection;

namespace Sluice.Tests.Architecture;

/// <summary>The product's assemblies, loaded as the tests run them.</summary>
internal static class OwnAssemblies
{
    private static readonly string[] Names =
    [
        "Sluice.CustomerIo",
        "Sluice.Engine",
        "Sluice.Server",
        "Sluice.Settings",
        "Sluice.Data",
        "Sluice.Destinations",
        "Sluice.Simulator",
        "Sluice.Sql",
        "Sluice.Writes",
        "sluice",
    ];

    public static IReadOnlyList<Assembly> All { get; } = [.. Names.Select(Assembly.Load)];

    /// <summary>The folder that a type's file is in: its namespace, for a file lies where its namespace says. Null for what is not ours.</summary>
    public static string? FolderOf(Type type) =>
        All.Contains(type.Assembly) && Outermost(type).Namespace is { } name && name.StartsWith("Sluice.", StringComparison.Ordinal)
            ? name.Replace("Sluice.", "", StringComparison.Ordinal).Replace('.', '/')
            : null;

    private static Type Outermost(Type type)
    {
        while (type.DeclaringType is { } outer)
        {
            type = outer;
        }

        return type;
    }
}
