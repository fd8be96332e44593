using Sluice.Destinations;
using Sluice.Engine;

namespace Sluice.Server.Gate;

/// <summary>
/// Where files may be written that somebody has set in the browser: below one folder. By default that is the current folder while only this machine
/// reaches the server, and none otherwise. What stands in a pipeline file is not asked: whoever writes it has the machine.
/// </summary>
internal sealed class BrowserFiles(ServerOptions options)
{
    /// <summary>The folder; null when no file may be written.</summary>
    public string? Folder { get; } = options.Files is { } named ? Path.GetFullPath(named, options.Folder)
        : options.IsReachedFromElsewhere ? null
        : options.Folder;

    /// <summary>Refuses the address of a file or folder elsewhere; other destinations are not looked at.</summary>
    /// <exception cref="SluiceException">It is elsewhere (kind Config).</exception>
    public void Check(string address)
    {
        if (address.Contains('\0', StringComparison.Ordinal) || address.Contains("%00", StringComparison.Ordinal))
        {
            throw Refused("The address holds a NUL character, which no name of a file can.");
        }

        if ((DestinationRegistry.FileOf(address) ?? DestinationRegistry.FolderOf(address)) is not { } path)
        {
            return;
        }

        if (Folder is null)
        {
            throw Refused("Files can't be written by a server that other machines reach.");
        }

        var (folder, place) = (Real(Folder), Real(path));
        if (path.Contains('\\', StringComparison.Ordinal) || !IsBelow(place, folder))
        {
            throw Refused($"Files are written below {Folder} alone.");
        }

        if (IsBelow(place, Real(options.WorkFolder)) || place == Real(options.WorkFolder))
        {
            throw Refused("The server's own folder is no place for a destination.");
        }
    }

    private static SluiceException Refused(string why) => new(
        SluiceErrorKind.Config, why, "Whoever starts the server names another folder with --files; a pipeline file may name any.");

    private static bool IsBelow(string path, string folder) =>
        path.StartsWith(Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    // The path without links, as far as it is there: what is behind a link is where the file would be.
    private static string Real(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Path.GetDirectoryName(full) is not { } above)
        {
            return full;
        }

        var place = Path.Combine(Real(above), Path.GetFileName(full));
        FileSystemInfo here = Directory.Exists(place) ? new DirectoryInfo(place) : new FileInfo(place);
        return here.LinkTarget is null ? place : Real(here.ResolveLinkTarget(returnFinalTarget: true)!.FullName);
    }
}
