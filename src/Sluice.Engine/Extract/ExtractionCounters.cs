namespace Sluice.Engine.Extract;

/// <summary>What an extraction has cost and brought so far; many partitions count at once.</summary>
internal sealed class ExtractionCounters
{
    private long _requests;
    private long _retries;
    private long _pages;
    private long _rows;
    private long _bytes;
    private long _waited;

    public long Requests => Interlocked.Read(ref _requests);

    public long Retries => Interlocked.Read(ref _retries);

    public long Pages => Interlocked.Read(ref _pages);

    public long Rows => Interlocked.Read(ref _rows);

    public long Bytes => Interlocked.Read(ref _bytes);

    public TimeSpan Waited => TimeSpan.FromTicks(Interlocked.Read(ref _waited));

    public void Answered(int attempts, TimeSpan waited)
    {
        Interlocked.Add(ref _requests, attempts);
        Interlocked.Add(ref _retries, attempts - 1);
        Interlocked.Add(ref _waited, waited.Ticks);
    }

    public void Kept(int rows, long bytes)
    {
        Interlocked.Increment(ref _pages);
        Interlocked.Add(ref _rows, rows);
        Interlocked.Add(ref _bytes, bytes);
    }

    /// <summary>Rows that a former run had spooled already.</summary>
    public void Found(long rows, long bytes)
    {
        Interlocked.Add(ref _rows, rows);
        Interlocked.Add(ref _bytes, bytes);
    }
}
