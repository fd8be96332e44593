using Sluice.Destinations;

namespace Sluice.Cli.Account;

/// <summary>The file behind a destination that is one.</summary>
internal static class DestinationFile
{
    /// <summary>Whether the destination is a file that does not exist yet.</summary>
    public static bool IsMissing(string uri) => IsFile(uri) && !File.Exists(DestinationRegistry.Identity(uri));

    /// <summary>Removes the empty file that looking at it has made.</summary>
    public static void Remove(string uri)
    {
        var path = DestinationRegistry.Identity(uri);
        if (File.Exists(path))
        {
            File.Delete(path);
        }
    }

    private static bool IsFile(string uri) => uri.StartsWith("duckdb://", StringComparison.OrdinalIgnoreCase) || uri.StartsWith("sqlite://", StringComparison.OrdinalIgnoreCase);
}
