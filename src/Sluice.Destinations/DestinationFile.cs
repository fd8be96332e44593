using Sluice.Engine;

namespace Sluice.Destinations;

/// <summary>The file or folder of a destination that is one.</summary>
public static class DestinationFile
{
    /// <summary>Whether the destination is a file or folder that does not exist yet.</summary>
    public static bool IsMissing(string uri) =>
        (DestinationRegistry.FileOf(uri) is { } path && !File.Exists(path))
        || (DestinationRegistry.FolderOf(uri) is { } folder && !Directory.Exists(folder));

    /// <summary>The error that names the right address of what is there; null when it may be what the address says.</summary>
    public static SluiceException? OtherKind(string uri)
    {
        var path = DestinationRegistry.FileOf(uri) ?? DestinationRegistry.FolderOf(uri);
        if (path is null || DestinationRegistry.KindsAt(path) is not { } found)
        {
            return null;
        }

        var end = uri.IndexOf("://", StringComparison.Ordinal);
        if (found.Schemes.Contains(uri[..end].ToLowerInvariant(), StringComparer.Ordinal))
        {
            return null;
        }

        var hint = found.Schemes.Count == 0
            ? $"Name the database or folder that 'sluice ingest' wrote, as one of: {string.Join(", ", DestinationRegistry.Examples)}"
            : $"Its address is {found.Schemes[0]}{uri[end..].Split('?')[0]}";
        return new SluiceException(SluiceErrorKind.Config, $"{path} is {found.What}.", hint);
    }

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
