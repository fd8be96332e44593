using System.Threading.Channels;
using Sluice.Engine.Extract;
using Sluice.Engine.Extract.Exports;

namespace Sluice.Engine.Spool;

/// <summary>
/// Commits what many hand over in groups: while one group is being forced to disk the next gathers, so that the cost of a sync is shared when pages
/// come fast and no page waits when they come slowly.
/// </summary>
/// <param name="commit">Brings a group to disk.</param>
/// <param name="explain">Puts a failure into words.</param>
/// <param name="fail">Is told of the failure that ends the queue.</param>
internal sealed class CommitQueue(Action<IReadOnlyList<Pending>> commit, Func<Exception, SluiceException> explain, Action<Exception> fail)
    : IAsyncDisposable
{
    private const int QueueLength = 64;
    private const int MaxGroup = 32;

    private readonly Channel<Pending> _queue = Channel.CreateBounded<Pending>(new BoundedChannelOptions(QueueLength) { SingleReader = true });
    private Task _loop = Task.CompletedTask;

    public void Start() => _loop = Task.Run(CommitAllAsync);

    /// <summary>Returns once it is queued, at the latest when there is room.</summary>
    public async ValueTask AddAsync(Pending pending, CancellationToken cancel)
    {
        try
        {
            await _queue.Writer.WriteAsync(pending, cancel);
        }
        catch (ChannelClosedException closed) when (closed.InnerException is { } cause)
        {
            throw explain(cause);
        }
    }

    public ValueTask AddAsync(ManifestEntry entry, CancellationToken cancel) => AddAsync(new Pending { Entry = entry }, cancel);

    /// <summary>Adds a fact that is on disk when this returns.</summary>
    public Task AddAndWaitAsync(ManifestEntry entry, CancellationToken cancel) => AddAndWaitAsync(new Pending { Entry = entry }, cancel);

    /// <summary>Adds something that is on disk when this returns.</summary>
    public async Task AddAndWaitAsync(Pending pending, CancellationToken cancel)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await AddAsync(pending with { Done = done }, cancel);
        await done.Task.WaitAsync(cancel);
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _loop;
    }

    private async Task CommitAllAsync()
    {
        var group = new List<Pending>(MaxGroup);
        try
        {
            while (await _queue.Reader.WaitToReadAsync())
            {
                group.Clear();
                while (group.Count < MaxGroup && _queue.Reader.TryRead(out var pending))
                {
                    group.Add(pending);
                }

                commit(group);
                group.ForEach(pending => pending.Done?.TrySetResult());
            }
        }
        catch (Exception error)
        {
            _queue.Writer.TryComplete(error);
            var told = explain(error);
            fail(told);

            // What is queued behind the group will never be written: whoever waits for it must hear so too.
            while (_queue.Reader.TryRead(out var pending))
            {
                group.Add(pending);
            }

            group.ForEach(pending => pending.Done?.TrySetException(told));
        }
    }
}

/// <summary>What waits to be written: a page, a file or a fact.</summary>
internal sealed record Pending
{
    public PageDraft? Page { get; init; }

    public CsvDraft? File { get; init; }

    public ManifestEntry? Entry { get; init; }

    /// <summary>Is told when it is on disk.</summary>
    public TaskCompletionSource? Done { get; init; }
}
