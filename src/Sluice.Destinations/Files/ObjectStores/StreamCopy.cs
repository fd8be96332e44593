namespace Sluice.Destinations.Files.ObjectStores;

/// <summary>
/// Reads the body of an answer. A connection that is open and says nothing any more is as good as cut, and nothing else would ever tell.
/// </summary>
internal static class StreamCopy
{
    /// <summary>How long a body may pause before it counts as cut.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private const int BufferBytes = 128 * 1024;

    /// <summary>Copies a body to its end.</summary>
    /// <param name="body">The body.</param>
    /// <param name="to">Where it goes.</param>
    /// <param name="time">The clock that pauses are measured by.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="IOException">Nothing came for longer than <see cref="LongestPause"/>.</exception>
    public static async Task ToEndAsync(Stream body, Stream to, TimeProvider time, CancellationToken cancel)
    {
        var buffer = new byte[BufferBytes];
        for (int read; (read = await ReadAsync(body, buffer, time, cancel)) > 0;)
        {
            await to.WriteAsync(buffer.AsMemory(0, read), cancel);
        }
    }

    private static async Task<int> ReadAsync(Stream body, byte[] buffer, TimeProvider time, CancellationToken cancel)
    {
        using var pause = new CancellationTokenSource(LongestPause, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel, pause.Token);
        try
        {
            return await body.ReadAsync(buffer, stop.Token);
        }
        catch (OperationCanceledException error) when (pause.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            throw new IOException($"the answer stopped in the middle and nothing came for {LongestPause.TotalSeconds:0} seconds", error);
        }
    }
}
