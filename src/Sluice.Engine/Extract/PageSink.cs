using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Sluice.Engine.Extract;

/// <summary>
/// What every sink knows of its partitions, and the signal for those who wait for more. Of partitions that are simply done only eight bytes are kept,
/// since there can be one for each of a million people.
/// </summary>
internal abstract class PageSink : IPageSink
{
    private readonly Dictionary<string, PartitionState> _partitions = new(StringComparer.Ordinal);
    private readonly HashSet<ulong> _done = [];
    private TaskCompletionSource? _signal;
    private Exception? _failure;
    private (int Partitions, long Expected) _counted;

    public abstract DateTimeOffset Began { get; }

    public virtual bool HasEnough => false;

    public bool IsComplete { get; private set; }

    public long Rows { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>Why partitions were left out, by their names.</summary>
    public IReadOnlyDictionary<string, string> Skips =>
        Select(one => one.Value.SkipReason is not null).ToDictionary(one => one.Key, one => one.Value.SkipReason!, StringComparer.Ordinal);

    /// <summary>The partitions of which Customer.io says how many records they have.</summary>
    public CountedPartitions Counted
    {
        get
        {
            var counted = Select(one => one.Value.Expected is not null)
                .Select(one => new CountedPartition(one.Key, one.Value.Expected!.Value, one.Value.Rows))
                .ToList();
            return new CountedPartitions(
                _counted.Partitions + counted.Count,
                _counted.Expected + counted.Sum(one => one.Expected),
                [.. counted.Where(one => one.Rows < one.Expected)]);
        }
    }

    protected Lock Gate { get; } = new();

    public IReadOnlyList<string> Notes(string name) =>
        [.. Select(one => one.Value.Notes.GetValueOrDefault(name) is { Length: > 0 }).Select(one => one.Value.Notes[name])];

    public PartitionState Partition(string name)
    {
        lock (Gate)
        {
            return _partitions.TryGetValue(name, out var state) ? state
                : _done.Contains(Hash(name)) ? PartitionState.Done
                : new PartitionState();
        }
    }

    public bool TryBegin(string partition)
    {
        lock (Gate)
        {
            // One that is done and short is begun once more, to ask whether records have gone meanwhile.
            if (_done.Contains(Hash(partition)) || StateOf(partition) is { IsBegun: true } or { IsDone: true, IsShort: false })
            {
                return false;
            }

            return StateOf(partition).IsBegun = true;
        }
    }

    public abstract ValueTask AppendAsync(PageDraft page, CancellationToken cancel);

    public abstract ValueTask SkipAsync(string partition, string reason, CancellationToken cancel);

    public abstract ValueTask ExpectAsync(string partition, long expected, CancellationToken cancel);

    public abstract ValueTask SplitAsync(string partition, IReadOnlyList<string> into, CancellationToken cancel);

    public abstract Task NoteAsync(string partition, string name, string value, CancellationToken cancel);

    public abstract IAsyncEnumerable<ReadOnlyMemory<byte>> PagesAsync(CancellationToken cancel);

    public abstract Task CompleteAsync(CancellationToken cancel);

    public void Fail(Exception error)
    {
        lock (Gate)
        {
            _failure ??= error;
            Signal();
        }
    }

    /// <summary>Waits until the extraction is read to its end; throws when it fails.</summary>
    public Task ReadToEndAsync(CancellationToken cancel) => WaitAsync(() => false, cancel);

    /// <summary>Waits until something is there; false when the extraction has ended without it.</summary>
    /// <exception cref="ExtractionFailedException">It has failed without it.</exception>
    protected async Task<bool> WaitAsync(Func<bool> isThere, CancellationToken cancel)
    {
        while (true)
        {
            Task signal;
            lock (Gate)
            {
                if (isThere())
                {
                    return true;
                }

                if (_failure is not null)
                {
                    throw new ExtractionFailedException(_failure);
                }

                if (IsComplete)
                {
                    return false;
                }

                _signal ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                signal = _signal.Task;
            }

            await signal.WaitAsync(cancel);
        }
    }

    /// <summary>Counts a page; the caller holds the lock, as for all that follow.</summary>
    protected void AddPage(string partition, int rows, long bytes, string? next, bool last)
    {
        Rows += rows;
        Bytes += bytes;
        Change(partition, state => state.AddPage(rows, next, last));
    }

    protected void Change(string partition, Action<PartitionState> change)
    {
        var state = StateOf(partition);
        change(state);
        if (state.IsPlainlyDone)
        {
            _partitions.Remove(partition);
            _done.Add(Hash(partition));
            _counted = state.Expected is { } expected ? (_counted.Partitions + 1, _counted.Expected + expected) : _counted;
        }
    }

    protected void MarkComplete() => IsComplete = true;

    protected void Signal()
    {
        _signal?.TrySetResult();
        _signal = null;
    }

    private PartitionState StateOf(string partition) =>
        _partitions.TryGetValue(partition, out var state) ? state : _partitions[partition] = new PartitionState();

    private List<KeyValuePair<string, PartitionState>> Select(Func<KeyValuePair<string, PartitionState>, bool> isWanted)
    {
        lock (Gate)
        {
            return [.. _partitions.Where(isWanted)];
        }
    }

    private static ulong Hash(string name)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(name), hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }
}

/// <summary>An extraction that somebody waits for has failed; the cause is told once, by the extraction itself.</summary>
internal sealed class ExtractionFailedException(Exception cause) : Exception(cause.Message, cause);
