using System.ComponentModel;
using System.Diagnostics;
using Sluice.ServerTests.Cli;

namespace Sluice.ServerTests.Faults;

/// <summary>A file that may only be read for a while, also by the system's administrator, whom modes do not bind.</summary>
internal sealed class ReadOnlyFile : IAsyncDisposable
{
    private readonly string _file;

    private ReadOnlyFile(string file) => _file = file;

    /// <summary>Whether writing is really refused.</summary>
    public bool Works { get; private set; }

    public static async Task<ReadOnlyFile> CloseAsync(string file)
    {
        var closed = new ReadOnlyFile(file);
        File.SetAttributes(file, FileAttributes.ReadOnly);
        if (IsWritable(file))
        {
            await ChangeAttributeAsync("+i", file);
        }

        closed.Works = !IsWritable(file);
        return closed;
    }

    public async ValueTask DisposeAsync()
    {
        await ChangeAttributeAsync("-i", _file);
        File.SetAttributes(_file, FileAttributes.Normal);
    }

    private static bool IsWritable(string file)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite);
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    // Not every system has it, and not every file system knows the attribute: what counts is whether writing is refused.
    private static async Task ChangeAttributeAsync(string change, string file)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo("chattr", [change, file]) { RedirectStandardError = true, UseShellExecute = false }
            )!;
            await process.WaitForExitAsync(Tool.Cancel);
        }
        catch (Win32Exception)
        {
            // There is no chattr.
        }
    }
}
