namespace Sluice.Destinations.Files.Local;

/// <summary>Brings files to the disk while they are still written, so that little is left to wait for at the end.</summary>
internal sealed class BackgroundFsync : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _flushing;

    /// <summary>Begins to look after a folder, which may not be there yet.</summary>
    public BackgroundFsync(string folder) => _flushing = Task.Run(() => RunAsync(folder), CancellationToken.None);

    /// <summary>Stops; what was written since the last look is not flushed.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_stop.IsCancellationRequested)
        {
            await _stop.CancelAsync();
            await _flushing;
            _stop.Dispose();
        }
    }

    private async Task RunAsync(string folder)
    {
        var sizes = new Dictionary<string, long>();
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories))
                {
                    Flush(file, sizes);
                }
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // A folder or file that is not there yet, or not any more. Flushing early is a favour: whoever commits flushes for good, and is told
                // when it fails.
            }

            await Task.Delay(Pause, TimeProvider.System, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Flush(FileInfo file, Dictionary<string, long> sizes)
    {
        if (_stop.IsCancellationRequested || sizes.GetValueOrDefault(file.FullName) == file.Length)
        {
            return;
        }

        sizes[file.FullName] = file.Length;
        using var handle = File.OpenHandle(file.FullName, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        RandomAccess.FlushToDisk(handle);
    }
}
