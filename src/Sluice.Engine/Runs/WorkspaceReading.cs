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

    public static async Task<WorkspaceReading> OpenAsync(IngestRequest request, Workspace workspace, KnownStates states, RunClock? known, TimeProvider time, CancellationToken cancel)
    {
        var own = request.In(workspace.Name, workspace.PairId);
        var clock = known ?? await ReadClockAsync(workspace.Client, time, cancel);
        var feeds = FeedSet.Open(own, clock.Now, states.In(workspace.Name), workspace.Name);
        return new WorkspaceReading(workspace, clock, feeds, new ExtractContext(workspace.Client, request.Parallelism));
    }

    public bool Has(TableJob job) => job.IsReadFrom(Workspace.Name);

    public TableSource SourceOf(TableJob job) => new(Workspace.Name, Feeds.Of(job), Clock);

    public Task RunAsync(CancellationToken cancel) => Task.WhenAll(Feeds.All.Select(feed => FeedRunner.RunAsync(feed, _context, cancel)));

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
