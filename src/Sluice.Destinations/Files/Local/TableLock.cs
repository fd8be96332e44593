using System.Diagnostics;
using Sluice.Engine;

namespace Sluice.Destinations.Files.Local;

/// <summary>Keeps other writers away from a table; the system lets go of it when the process ends, however it ends.</summary>
internal static class TableLock
{
    private static readonly TimeSpan LockWait = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public static async Task<FileStream> TakeAsync(string path, string table, CancellationToken cancel)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path) && Stopwatch.GetElapsedTime(began) < LockWait)
            {
                await Task.Delay(Pause, TimeProvider.System, cancel);
            }
            catch (IOException error) when (File.Exists(path))
            {
                throw new SluiceException(
                    SluiceErrorKind.Destination,
                    $"Another program has been writing {table} for a minute.",
                    "What was fetched is kept: wait for the other one and run the same command again.",
                    error)
                { IsTransient = true };
            }
        }
    }
}
