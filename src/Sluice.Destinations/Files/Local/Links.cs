using Sluice.Engine;

namespace Sluice.Destinations.Files.Local;

/// <summary>
/// Keeps to the folder that the address names: whoever can write there can put a symbolic link in the place of any file or folder, and with it have
/// another file of this machine read or written, or a named pipe that is waited for without an end.
/// </summary>
internal static class Links
{
    /// <summary>Gives the path below a root.</summary>
    /// <param name="root">The folder that the user named, which may be a link or stand below one.</param>
    /// <param name="path">The path below it.</param>
    /// <exception cref="SluiceException">A folder on the way, or the file, is a link, or it is a pipe or a device (kind Destination).</exception>
    public static string Refuse(string root, string path)
    {
        var full = root;
        foreach (var part in path.Split('/', Path.DirectorySeparatorChar))
        {
            full = Path.Combine(full, part);
            if (new FileInfo(full).LinkTarget is not null)
            {
                throw new SluiceException(
                    SluiceErrorKind.Destination,
                    $"{full} is a symbolic link, and links inside of a destination are not followed.",
                    "See who has put it there. If you did, name the folder that it leads to as the destination.");
            }
        }

        return RegularFile.SpecialKind(full) is { } kind
            ? throw new SluiceException(
                SluiceErrorKind.Destination,
                $"{full} is {kind}, and a destination has files and folders alone.",
                "See who has put it there, and remove it.")
            : full;
    }
}
