namespace Sluice.Tests.Architecture;

/// <summary>
/// Which project may reference which, and which folder may use which, one by one. A new edge is a decision: it is added here and explained in the
/// commit.
/// </summary>
internal static class Walls
{
    public static IReadOnlyDictionary<string, string[]> Projects { get; } = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["Sluice.CustomerIo"] = [],
        ["Sluice.Simulator"] = [],
        ["Sluice.Engine"] = ["Sluice.CustomerIo"],
        ["Sluice.Settings"] = ["Sluice.CustomerIo", "Sluice.Engine"],
        ["Sluice.Destinations"] = ["Sluice.Engine"],
        ["Sluice.Cli"] = ["Sluice.CustomerIo", "Sluice.Destinations", "Sluice.Engine", "Sluice.Settings", "Sluice.Simulator"],
    };

    public static IReadOnlySet<(string From, string To)> Edges { get; } = Parse("""
        Engine/Audit → Engine/Runs
        """);

    /// <summary>Pairs of folders that use each other, each with its reason.</summary>
    public static IReadOnlySet<(string From, string To)> Circles { get; } = Parse("");

    // A line for each folder: the folder, an arrow, and what it may use.
    private static HashSet<(string From, string To)> Parse(string text) =>
    [
        .. text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(line => line.Split(" → "))
            .SelectMany(sides => sides[1].Split(' ').Select(to => (sides[0], to))),
    ];
}
