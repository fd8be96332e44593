using System.Runtime.InteropServices;

namespace Sluice.Engine;

/// <summary>
/// Files that are read or written by their name in a folder that others may write to. A named pipe in the place of one is waited for without an
/// end, and a device may have none, so that they are refused before they are opened. What the user names as input is another matter: that may be
/// a pipe.
/// </summary>
public static partial class RegularFile
{
    private const int CurrentFolder = -100;
    private const uint OnlyType = 1;
    private const int LinuxModeAt = 28;
    private const int MacModeAt = 4;
    private const int MostBytes = 512;
    private const int TypeBits = 0xF000;

    /// <summary>What stands there, if it is neither a file nor a folder: a named pipe, a socket or a device; null otherwise.</summary>
    public static string? SpecialKind(string path) => (Mode(path) & TypeBits) switch
    {
        0x1000 => "a named pipe",
        0x2000 or 0x6000 => "a device",
        0xC000 => "a socket",
        _ => null,
    };

    /// <summary>Gives the path of a file, or of nothing.</summary>
    /// <exception cref="IOException">Something else stands there.</exception>
    public static string Require(string path) =>
        (SpecialKind(path) ?? (Directory.Exists(path) ? "a folder" : null)) is { } kind
            ? throw new IOException($"{path} is {kind}, and must be a regular file.")
            : path;

    // Where a system or a library of C does not know the call, the file is opened as it always was.
    private static int Mode(string path)
    {
        try
        {
            var answer = new byte[MostBytes];
            return OperatingSystem.IsLinux() && statx(CurrentFolder, path, 0, OnlyType, answer) == 0 ? BitConverter.ToUInt16(answer, LinuxModeAt)
                : OperatingSystem.IsMacOS() && OfMac(path, answer) == 0 ? BitConverter.ToUInt16(answer, MacModeAt)
                : 0;
        }
        catch (EntryPointNotFoundException)
        {
            return 0;
        }
    }

    private static int OfMac(string path, byte[] answer) =>
        RuntimeInformation.ProcessArchitecture == Architecture.X64 ? stat64(path, answer) : stat(path, answer);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int statx(int folder, string path, int flags, uint mask, byte[] answer);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int stat(string path, byte[] answer);

    [LibraryImport("libc", EntryPoint = "stat$INODE64", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int stat64(string path, byte[] answer);
}
