using System.Data.Common;
using System.Threading.Channels;
using Dapper;
using Sluice.Engine.Webhooks;
using Sluice.Server.Control;

namespace Sluice.Server.Webhooks;

/// <summary>
/// Where events wait until they are folded; what is in it survives the machine's power. A server that is alone has a file for it, so that an event
/// never waits for anything else; several nodes share a table. One writer takes all that has gathered while the commit before was written, and
/// commits it at once: the more comes, the more goes into a commit, without a timer.
/// </summary>
internal sealed class EventInbox : IAsyncDisposable
{
    private const int MostGathered = 20_000;
    private const int MostInCommit = 500;
    private const int DaysOfDrafts = 31;

    private readonly Channel<Work> _work = Channel.CreateBounded<Work>(new BoundedChannelOptions(MostGathered) { SingleReader = true });
    private readonly Func<CancellationToken, Task<DbConnection>> _connect;
    private readonly TimeProvider _time;
    private readonly Task _writer;

    private readonly bool _isShared;

    /// <summary>An inbox in the database that nodes share, or in a file in the work folder.</summary>
    public EventInbox(ControlDatabase control, ServerOptions options, TimeProvider time)
    {
        _time = time;
        _isShared = control.IsShared;
        _connect = control.IsShared ? control.ConnectAsync : new InboxFile(Path.Combine(options.WorkFolder, "serve-inbox.db")).ConnectAsync;
        _writer = Task.Run(WriteAsync);
    }

    /// <summary>Is told of each commit: how many events were in it.</summary>
    public Action<int>? Committed { get; set; }

    /// <summary>Makes the inbox, unless it is there.</summary>
    /// <exception cref="DbException">It can't be opened.</exception>
    public async Task PrepareAsync(CancellationToken cancel)
    {
        await using var connection = await _connect(cancel);
        await connection.ExecuteAsync(new CommandDefinition(_isShared ? InboxSql.Postgres : InboxSql.Sqlite, cancellationToken: cancel));
    }

    /// <summary>Keeps an event for good before it returns; one that waits already is counted and not kept again.</summary>
    /// <returns>Whether it is new.</returns>
    /// <exception cref="InboxFullException">More is coming than can be written.</exception>
    /// <exception cref="DbException">It can't be written.</exception>
    public Task<bool> AddAsync(string workspace, ReceivedEvent received, CancellationToken cancel)
    {
        var work = new Work((connection, transaction) => InboxSql.AddAsync(connection, transaction, workspace, received)) { Events = 1 };
        if (!_work.Writer.TryWrite(work))
        {
            throw new InboxFullException("more events are coming than can be written");
        }

        return work.Done.Task.WaitAsync(cancel);
    }

    /// <summary>The oldest events of a workspace that a destination does not have yet: one at least, and no more than the memory takes.</summary>
    public async Task<IReadOnlyList<WaitingEvent>> TakeAsync(string workspace, string destination, int most, long mostBytes, CancellationToken cancel)
    {
        await using var connection = await _connect(cancel);
        var (events, bytes) = (new List<WaitingEvent>(), 0L);
        await foreach (var row in connection
            .QueryUnbufferedAsync<InboxRow>(InboxSql.Take, new { Workspace = workspace, Destination = destination, Most = most })
            .WithCancellation(cancel))
        {
            events.Add(row.ToEvent());
            bytes += row.Body.Length;
            if (bytes >= mostBytes)
            {
                break;
            }
        }

        return events;
    }

    /// <summary>Drafts of a workspace that made no row when they were folded.</summary>
    public async Task<IReadOnlyList<ReceivedEvent>> DraftsAsync(string workspace, CancellationToken cancel) =>
        [.. (await ListAsync(InboxSql.Drafts, new { Workspace = workspace }, cancel)).Select(row => row.Event)];

    /// <summary>How many events wait, and since when.</summary>
    public async Task<IReadOnlyList<InboxDepth>> DepthsAsync(CancellationToken cancel)
    {
        await using var connection = await _connect(cancel);
        var rows = await connection.QueryAsync<(string Workspace, long Events, long Oldest)>(
            new CommandDefinition(InboxSql.Depths, cancellationToken: cancel));
        return [.. rows.Select(row => new InboxDepth(row.Workspace, row.Events, DateTimeOffset.FromUnixTimeMilliseconds(row.Oldest)))];
    }

    /// <summary>
    /// Lets events go that a destination has, as soon as all have them that are to; in small steps, between which events are taken.
    /// </summary>
    /// <param name="done">The events, and who has them.</param>
    /// <param name="cancel">Stops between the steps.</param>
    public async Task DoneAsync(FoldedEvents done, CancellationToken cancel)
    {
        var before = _time.GetUtcNow().AddDays(-DaysOfDrafts).ToUnixTimeMilliseconds();
        foreach (var step in done.Events.Chunk(MostInCommit))
        {
            var work = new Work((connection, transaction) => InboxSql.DoneAsync(connection, transaction, done with { Events = step }, before));
            await _work.Writer.WriteAsync(work, cancel);
            await work.Done.Task;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _work.Writer.TryComplete();
        await _writer;
    }

    private async Task<IReadOnlyList<WaitingEvent>> ListAsync(string sql, object values, CancellationToken cancel)
    {
        await using var connection = await _connect(cancel);
        return [.. (await connection.QueryAsync<InboxRow>(new CommandDefinition(sql, values, cancellationToken: cancel)))
            .Select(row => row.ToEvent())];
    }

    private async Task WriteAsync()
    {
        var batch = new List<Work>();
        DbConnection? connection = null;
        while (await _work.Reader.WaitToReadAsync())
        {
            batch.Clear();
            while (batch.Count < MostInCommit && _work.Reader.TryRead(out var work))
            {
                batch.Add(work);
            }

            connection = await CommitAsync(connection, batch);
        }

        await (connection?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    // What can't be written (a full disk, a database that is away) is told to each who waits; the next batch is tried on a new connection.
    private async Task<DbConnection?> CommitAsync(DbConnection? connection, List<Work> batch)
    {
        try
        {
            connection ??= await _connect(CancellationToken.None);
            await using var transaction = await connection.BeginTransactionAsync();
            var results = new List<bool>();
            foreach (var work in batch)
            {
                results.Add(await work.Do(connection, transaction));
            }

            await transaction.CommitAsync();
            Committed?.Invoke(batch.Sum(work => work.Events));
            foreach (var (work, result) in batch.Zip(results))
            {
                work.Done.TrySetResult(result);
            }

            return connection;
        }
        catch (Exception error)
        {
            batch.ForEach(work => work.Done.TrySetException(error));
            await (connection?.DisposeAsync() ?? ValueTask.CompletedTask);
            return null;
        }
    }

    // Who waits goes on elsewhere: the writer is there for writing.
    private sealed record Work(Func<DbConnection, DbTransaction, Task<bool>> Do)
    {
        public int Events { get; init; }

        public TaskCompletionSource<bool> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>An event in the inbox.</summary>
/// <param name="Number">Its place in the order in which events came.</param>
/// <param name="Event">The event.</param>
internal sealed record WaitingEvent(long Number, ReceivedEvent Event);

/// <summary>Events that a destination has.</summary>
/// <param name="Workspace">Their workspace.</param>
/// <param name="Events">The events.</param>
/// <param name="DraftsAlone">Those among them that are drafts without anything else, by their ids: they are kept for what comes later.</param>
/// <param name="Destination">Who has them.</param>
/// <param name="Destinations">All who are to have them.</param>
internal sealed record FoldedEvents(
    string Workspace, IReadOnlyList<WaitingEvent> Events, IReadOnlySet<string> DraftsAlone, string Destination, IReadOnlyList<string> Destinations);

/// <summary>What waits of a workspace.</summary>
/// <param name="Workspace">The workspace.</param>
/// <param name="Events">How many events.</param>
/// <param name="Oldest">When the oldest came.</param>
internal sealed record InboxDepth(string Workspace, long Events, DateTimeOffset Oldest);

/// <summary>The inbox takes nothing now.</summary>
internal sealed class InboxFullException(string message) : Exception(message);
