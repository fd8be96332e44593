namespace Sluice.CustomerIo.Http;

/// <summary>
/// The memory for bodies of all clients of the process together. Small ones cost nothing; a body that goes on takes a share and, when it goes on
/// still, the share of a large one, and waits where there is none. Who holds a share waits for nothing but a greater one, so that no two wait for
/// each other.
/// </summary>
internal sealed class BodyBudget
{
    public const int Small = 1024 * 1024;
    public const int Medium = 16 * 1024 * 1024;

    private readonly BytePool _medium = new(4L * Medium);
    private readonly BytePool _large = new(BodyBytes.Limit + (2L * Medium));

    public static BodyBudget OfProcess { get; } = new();

    /// <summary>Waits for the share that a body of this length needs beyond one that it has.</summary>
    public async Task<BodyShare> TakeAsync(int length, CancellationToken cancel)
    {
        (BytePool pool, int bytes) = length <= Medium ? (_medium, Medium) : (_large, BodyBytes.Limit);
        await pool.TakeAsync(bytes, cancel);
        return new BodyShare(pool, bytes);
    }
}

/// <summary>What a body may take of the memory, until it is disposed.</summary>
internal sealed class BodyShare(BytePool pool, int bytes) : IDisposable
{
    private int _bytes = bytes;

    /// <summary>The longest body that it is enough for.</summary>
    public int Length => _bytes;

    /// <summary>Gives back what the body, whose end has come, did not need.</summary>
    public void Trim(int length)
    {
        int kept = Math.Min(length, _bytes);
        pool.Return(Interlocked.Exchange(ref _bytes, kept) - kept);
    }

    public void Dispose() => Trim(0);
}

/// <summary>An amount of bytes, which those who ask first get first.</summary>
internal sealed class BytePool(long bytes)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<(int Bytes, TaskCompletionSource Turn)> _waiting = new();
    private long _free = bytes;

    public async Task TakeAsync(int wanted, CancellationToken cancel)
    {
        LinkedListNode<(int Bytes, TaskCompletionSource Turn)> place;
        lock (_gate)
        {
            if (_waiting.Count == 0 && _free >= wanted)
            {
                _free -= wanted;
                return;
            }

            place = _waiting.AddLast((wanted, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)));
        }

        try
        {
            await place.Value.Turn.Task.WaitAsync(cancel);
        }
        catch (OperationCanceledException)
        {
            Leave(place);
            throw;
        }
    }

    public void Return(int returned)
    {
        lock (_gate)
        {
            _free += returned;
            while (_waiting.First is { } first && first.Value.Bytes <= _free)
            {
                _free -= first.Value.Bytes;
                _waiting.RemoveFirst();
                first.Value.Turn.TrySetResult();
            }
        }
    }

    // The turn may have come in the same moment: then what it brought goes to the next.
    private void Leave(LinkedListNode<(int Bytes, TaskCompletionSource Turn)> place)
    {
        lock (_gate)
        {
            if (place.List is not null)
            {
                _waiting.Remove(place);
                Return(0);
                return;
            }
        }

        Return(place.Value.Bytes);
    }
}
