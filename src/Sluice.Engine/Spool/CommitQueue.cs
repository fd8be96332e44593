using System.Threading.Channels;

namespace Sluice.Engine.Spool;

/// <summary>
/// Commits what many hand over in groups: while one group is being forced to disk the next gathers, so that the cost of a sync is shared when pages
/// come fast and no page waits when they come slowly.
/// </summary>
/// <typeparam name="T">What waits to be written: a page of a spool, a line of a journal.</typeparam>
/// <param name="commit">Brings a group to disk.</param>
/// <param name="explain">Puts a failure into words.</param>
/// <param name="fail">Is told of the failure that ends the queue.</param>
public sealed class CommitQueue<T>(Action<IReadOnlyList<T>> commit, Func<Exception, SluiceException> explain, Action<Exception> fail)
    : IAsyncDisposable
{
    private const int QueueLength = 64;
    private const int MaxGroup = 32;

    private readonly Channel<(T Item, TaskCompletionSource? Done)> _queue =
        Channel.CreateBounded<(T Item, TaskCompletionSource? Done)>(new BoundedChannelOptions(QueueLength) { SingleReader = true });

    private Task _loop = Task.CompletedTask;

    /// <summary>Begins to commit what is added.</summary>
    public void Start() => _loop = Task.Run(CommitAllAsync);

    /// <summary>Returns once it is queued, at the latest when there is room.</summary>
    /// <exception cref="SluiceException">What was added before could not be written.</exception>
    public ValueTask AddAsync(T item, CancellationToken cancel) => AddAsync(item, null, cancel);

    /// <summary>Adds something that is on disk when this returns.</summary>
    /// <exception cref="SluiceException">It, or what was added before, could not be written.</exception>
    public async Task AddAndWaitAsync(T item, CancellationToken cancel)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await AddAsync(item, done, cancel);
        await done.Task.WaitAsync(cancel);
    }

    /// <summary>Returns when all that was added is on disk.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _loop;
    }

    private async ValueTask AddAsync(T item, TaskCompletionSource? done, CancellationToken cancel)
    {
        try
        {
            await _queue.Writer.WriteAsync((item, done), cancel);
        }
        catch (ChannelClosedException closed) when (closed.InnerException is { } cause)
        {
            throw explain(cause);
        }
    }

    private async Task CommitAllAsync()
    {
        var group = new List<(T Item, TaskCompletionSource? Done)>(MaxGroup);
        try
        {
            while (await _queue.Reader.WaitToReadAsync())
            {
                group.Clear();
                while (group.Count < MaxGroup && _queue.Reader.TryRead(out var pending))
                {
                    group.Add(pending);
                }

                commit([.. group.Select(pending => pending.Item)]);
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
