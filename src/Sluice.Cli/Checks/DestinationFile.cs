using Sluice.Destinations;

namespace Sluice.Cli.Checks;

/// <summary>The file or folder behind a destination that is one.</summary>
internal static class DestinationFile
{
    /// <summary>Whether the destination is a file or folder that does not exist yet.</summary>
    public static bool IsMissing(string uri) =>
        (DestinationRegistry.FileOf(uri) is { } path && !File.Exists(path)) || (DestinationRegistry.FolderOf(uri) is { } folder && !Directory.Exists(folder));

    /// <summary>What is missing, for a message.</summary>
    public static string Missing(string uri) => $"There is no {(DestinationRegistry.FolderOf(uri) is null ? "file" : "folder")} {DestinationRegistry.Identity(uri)}.";

    /// <summary>Removes the empty file that looking at it has made; to look at a folder makes nothing.</summary>
    public static void Remove(string uri)
    {
        if (DestinationRegistry.FileOf(uri) is { } path && File.Exists(path))
        {
            File.Delete(path);
        }
    }
}
