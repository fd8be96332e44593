using Sluice.CustomerIo;
using Sluice.Engine.Config;
using Sluice.Engine.Extract;

namespace Sluice.Engine.Runs;

/// <summary>The reading of one workspace in a run: its clock and its feeds.</summary>
internal sealed class WorkspaceReading : IAsyncDisposable
{
    private readonly ExtractContext _context;
    private bool _isDisposed;

    private WorkspaceReading(Workspace workspace, RunClock clock, FeedSet feeds, ExtractContext context)
    {
        Workspace = workspace;
        Clock = clock;
        Feeds = feeds;
        _context = context;
    }

    public Workspace Workspace { get; }

    public RunClock Clock { get; }

    public FeedSet Feeds { get; }

    public static async Task<IReadOnlyList<RunClock>> ReadClocksAsync(IReadOnlyList<Workspace> workspaces, TimeProvider time, CancellationToken cancel)
    {
        var clocks = new List<RunClock>();
        foreach (var workspace in workspaces)
        {
            clocks.Add(await ReadClockAsync(workspace.Client, time, cancel));
        }

        return clocks;
    }

    public static WorkspaceReading Open(IngestRequest request, Workspace workspace, RunClock clock, KnownStates states, TimeProvider time)
    {
        var own = request.In(workspace.Name, workspace.PairId);
        var feeds = FeedSet.Open(own, clock.Now, states.In(workspace.Name), workspace.Name);
        return new WorkspaceReading(workspace, clock, feeds, new ExtractContext(workspace.Client, request.Parallelism) { Time = time });
    }

    public bool Has(TableJob job) => job.IsReadFrom(Workspace.Name);

    public TableSource SourceOf(TableJob job) => new(Workspace.Name, Feeds.Of(job), Clock);

    public Task RunAsync(CancellationToken cancel) => Task.WhenAll(Feeds.All.Select(feed => feed.Sink.IsComplete ? Task.CompletedTask : feed.ReadAsync(_context, cancel)));

    public ValueTask DisposeAsync()
    {
        var isFirst = !_isDisposed;
        _isDisposed = true;
        return isFirst ? Feeds.DisposeAsync() : ValueTask.CompletedTask;
    }

    private static async Task<RunClock> ReadClockAsync(CustomerIoClient client, TimeProvider time, CancellationToken cancel)
    {
        try
        {
            return await RunClock.ReadAsync(client, time, cancel);
        }
        catch (CustomerIoException error)
        {
            throw SluiceException.From(error);
        }
    }
}
