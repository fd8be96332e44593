using Sluice.Destinations;

namespace Sluice.Cli.Checks;

/// <summary>The file or folder of a destination that is one.</summary>
internal static class DestinationFile
{
    /// <summary>Whether the destination is a file or folder that does not exist yet.</summary>
    public static bool IsMissing(string uri) =>
        (DestinationRegistry.FileOf(uri) is { } path && !File.Exists(path))
        || (DestinationRegistry.FolderOf(uri) is { } folder && !Directory.Exists(folder));

    /// <summary>A message about the missing file or folder.</summary>
    public static string Missing(string uri) =>
        $"There is no {(DestinationRegistry.FolderOf(uri) is null ? "file" : "folder")} {DestinationRegistry.Identity(uri)}.";

    /// <summary>Deletes the empty file that opening a destination has created; opening a folder creates nothing.</summary>
    public static void Remove(string uri)
    {
        if (DestinationRegistry.FileOf(uri) is { } path && File.Exists(path))
        {
            File.Delete(path);
        }
    }
}
