using System.Runtime.InteropServices;

namespace Sluice.Cli;

/// <summary>
/// A process that is started with a stream closed (<c>2&gt;&amp;-</c>) gives its number to the first file that it opens: what is written to the
/// stream would then go into that file, such as the pipe by which the runtime hears of signals.
/// </summary>
internal static partial class StandardStreams
{
    private const string Null = "/dev/null";
    private const int GetDescriptorFlags = 1;
    private const int CloseOnExec = 1;
    private const int ReadAndWrite = 2;

    /// <summary>
    /// Starts the program once more, with the null device in place of streams that were closed; only on Linux, and before anything else.
    /// </summary>
    public static void OpenClosedOnes()
    {
        // Every start comes by here: without LINQ, which would have to be loaded and compiled for it.
        if (!OperatingSystem.IsLinux() || !(WasClosed(0) || WasClosed(1) || WasClosed(2)))
        {
            return;
        }

        var closed = Enumerable.Range(0, 3).Where(WasClosed).ToList();
        var arguments = File.ReadAllText("/proc/self/cmdline").TrimEnd('\0').Split('\0');
        var empty = open(Null, ReadAndWrite);
        if (empty >= 0 && closed.TrueForAll(stream => empty == stream || dup2(empty, stream) == stream))
        {
            // Comes back only when it fails: then the run goes on as it is.
            _ = execv(Environment.ProcessPath!, [.. arguments, null]);
        }
    }

    // What came from whoever started the process outlives the start of a program; what the runtime has opened itself does not.
    private static bool WasClosed(int stream) => fcntl(stream, GetDescriptorFlags) is var flags && (flags < 0 || (flags & CloseOnExec) != 0);

    [LibraryImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int fcntl(int descriptor, int command);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int dup2(int from, int to);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int execv(string path, string?[] arguments);
}
