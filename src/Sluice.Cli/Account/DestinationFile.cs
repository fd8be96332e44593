using Sluice.Destinations;

namespace Sluice.Cli.Account;

/// <summary>The file behind a destination that is one.</summary>
internal static class DestinationFile
{
    /// <summary>Whether the destination is a file that does not exist yet.</summary>
    public static bool IsMissing(string uri) => DestinationRegistry.FileOf(uri) is { } path && !File.Exists(path);

    /// <summary>Removes the empty file that looking at it has made.</summary>
    public static void Remove(string uri)
    {
        if (DestinationRegistry.FileOf(uri) is { } path && File.Exists(path))
        {
            File.Delete(path);
        }
    }
}
