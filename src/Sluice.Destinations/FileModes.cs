using System.Runtime.InteropServices;

namespace Sluice.Destinations;

/// <summary>
/// Who may read the files of this process. Databases, spool, staged rows and what DuckDB puts beside them hold people's data: they are their owner's
/// alone, which nothing but the process's mask makes sure of for files that a library creates.
/// </summary>
public static partial class FileModes
{
    private const UnixFileMode Folder = (UnixFileMode)0b111_111_111;
    private const UnixFileMode File = (UnixFileMode)0b110_110_110;
    private const uint OthersNothing = 0b000_111_111;

    private static UnixFileMode? _usualMask;

    /// <summary>Makes new files of this process 0600 and new folders 0700; to be called before the first is made. Not on Windows.</summary>
    public static void KeepPrivate()
    {
        if (!OperatingSystem.IsWindows())
        {
            _usualMask ??= (UnixFileMode)umask(OthersNothing) & Folder;
        }
    }

    /// <summary>Gives a file or folder of this process the mode that the user's mask gives, for others are meant to read it.</summary>
    public static void Share(string path)
    {
        if (!OperatingSystem.IsWindows() && _usualMask is { } mask)
        {
            System.IO.File.SetUnixFileMode(path, (Directory.Exists(path) ? Folder : File) & ~mask);
        }
    }

    /// <summary>Makes a folder that others are meant to read, and those above it; one that is there keeps its mode.</summary>
    public static void MakeSharedFolder(string path)
    {
        if (!Directory.Exists(path))
        {
            if (Path.GetDirectoryName(path) is { Length: > 0 } above)
            {
                MakeSharedFolder(above);
            }

            Directory.CreateDirectory(path);
            Share(path);
        }
    }

    [LibraryImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial uint umask(uint mask);
}
