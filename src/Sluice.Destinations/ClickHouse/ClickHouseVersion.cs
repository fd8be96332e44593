using System.Globalization;

namespace Sluice.Destinations.ClickHouse;

/// <summary>What a server can do, by its version: everything since 23.3, the least that all servers have before.</summary>
/// <param name="Text">The version as the server says it.</param>
internal sealed record ClickHouseVersion(string Text)
{
    // 23.2 brought ReplacingMergeTree's mark of deleted rows, the last of what is used here; 23.3 is the first long-lived release with it.
    private static readonly Version Modern = new(23, 3);

    /// <summary>Whether it has DateTime64, Bool, nullable keys, parameters, EXCHANGE TABLES and rows that say that they are deleted.</summary>
    public bool IsModern { get; } = Number(Text) >= Modern;

    private static Version Number(string text)
    {
        var parts = text.Split('.');
        return parts.Length >= 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major) && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var minor)
            ? new Version(major, minor)
            : new Version(0, 0);
    }
}
