using Sluice.Engine.Load;
using Sluice.Engine.Load.Staging;

namespace Sluice.Engine.Runs;

/// <summary>What the loaders of one run share.</summary>
internal sealed record LoadContext(IngestRequest Request, IDestination Destination, TimeProvider Time, string RunId) : IAsyncDisposable
{
    private readonly SemaphoreSlim _stage = new(1);
    private readonly SemaphoreSlim _commit = new(1);
    private readonly long _started = Time.GetTimestamp();

    public StagingArea Staging { get; } = new(Destination);

    /// <summary>What the destination knew of its columns when the run began.</summary>
    public ColumnSnapshot Columns { get; init; } = ColumnSnapshot.None;

    public TimeSpan Elapsed => Time.GetElapsedTime(_started);

    /// <summary>A big statement of DuckDB: two at once would share its memory limit and gain nothing on its one writer.</summary>
    public Task<T> StageAsync<T>(Func<Task<T>> work, CancellationToken cancel) => OneAtATimeAsync(_stage, work, cancel);

    /// <summary>The end of a table: one after the other, while others are staged.</summary>
    public Task<T> CommitAsync<T>(Func<Task<T>> work, CancellationToken cancel) => OneAtATimeAsync(_commit, work, cancel);

    private static async Task<T> OneAtATimeAsync<T>(SemaphoreSlim turn, Func<Task<T>> work, CancellationToken cancel)
    {
        await turn.WaitAsync(cancel);
        try
        {
            return await work();
        }
        finally
        {
            turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _stage.Dispose();
        _commit.Dispose();
        await Staging.DisposeAsync();
    }
}
