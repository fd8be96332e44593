using System.Globalization;
using System.Runtime.InteropServices;

namespace Sluice.Cli;

/// <summary>What the system gives a process, as far as too little of it would end in the runtime or a library and not in a sentence.</summary>
internal static partial class ProcessLimits
{
    // With fewer, libraries can't be loaded and the runtime aborts. All tables at once need about 200, beside connections.
    private const ulong LeastFiles = 256;
    private const ulong FilesOfARun = 220;
    private const ulong Plenty = 1024;

    /// <summary>What is too little, with what to do; null when nothing is. Not known on Windows, which has no such limit.</summary>
    public static string? Problem() =>
        OpenFiles() is { } most && most < LeastFiles
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"error: This process may have {most} files open, which is too few to run.\n  Allow more, as with 'ulimit -n 1024'.")
            : null;

    /// <summary>How many connections leave enough for files.</summary>
    public static int Connections() => OpenFiles() is { } most && most < Plenty ? (int)(Math.Max(most, LeastFiles) - FilesOfARun) / 2 : int.MaxValue;

    // The runtime has raised the soft limit to the hard one.
    private static ulong? OpenFiles()
    {
        var resource = OperatingSystem.IsMacOS() ? 8 : OperatingSystem.IsLinux() ? 7 : (int?)null;
        return resource is { } files && getrlimit(files, out var limit) == 0 ? limit.Soft : null;
    }

    [LibraryImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int getrlimit(int resource, out Limit limit);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Limit
    {
        public readonly ulong Soft;
        public readonly ulong Hard;
    }
}
