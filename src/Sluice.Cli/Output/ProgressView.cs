using Sluice.Engine.Runs;

namespace Sluice.Cli.Output;

/// <summary>Shows the progress of a run until it ends.</summary>
internal interface IProgressView
{
    Task<T> ShowAsync<T>(RunProgress progress, Task<T> run, TimeProvider time);
}

/// <summary>Shows nothing.</summary>
internal sealed class NoProgress : IProgressView
{
    public Task<T> ShowAsync<T>(RunProgress progress, Task<T> run, TimeProvider time) => run;
}

/// <summary>Computes rows per second over the last seconds from a run's counters, and the remaining time where it can be estimated.</summary>
internal sealed class RunMeter(RunProgress progress, TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(8);

    private readonly long _started = time.GetTimestamp();
    private readonly Dictionary<string, Queue<(TimeSpan At, long Rows)>> _samples = new(StringComparer.Ordinal);

    public TimeSpan Elapsed => time.GetElapsedTime(_started);

    public double RequestsPerSecond => progress.Budget?.CurrentRate ?? 0;

    /// <summary>The share of the request budget that is used, from 0 to 1.</summary>
    public double BudgetUsed => progress.Budget?.Utilisation ?? 0;

    /// <summary>Takes a sample and returns the state of every table.</summary>
    public IReadOnlyList<TableSpeed> Read()
    {
        var now = Elapsed;
        return [.. progress.Tables.Select(table => Read(table, now))];
    }

    private TableSpeed Read(TableProgress table, TimeSpan now)
    {
        if (!_samples.TryGetValue(table.Table, out var samples))
        {
            _samples.Add(table.Table, samples = new Queue<(TimeSpan At, long Rows)>());
        }

        var rows = table.Rows;
        samples.Enqueue((now, rows));
        while (now - samples.Peek().At > Window)
        {
            samples.Dequeue();
        }

        var (since, before) = samples.Peek();
        var speed = now > since ? (rows - before) / (now - since).TotalSeconds : 0;
        return new TableSpeed(table.Table, table.Stage, table.Pages, rows, table.Requests, speed) { Expected = table.Expected };
    }
}

/// <summary>The speed of a table at a moment.</summary>
internal sealed record TableSpeed(string Table, TableStage Stage, long Pages, long Rows, long Requests, double RowsPerSecond)
{
    public long? Expected { get; init; }

    public bool IsOver => Stage is TableStage.Done or TableStage.Failed;

    /// <summary>Whether there is progress worth printing.</summary>
    public bool IsBusy => !IsOver && (Pages > 0 || Stage == TableStage.Committing);

    /// <summary>The remaining time at the current speed, if the total is known.</summary>
    public TimeSpan? Left => Expected is { } all && RowsPerSecond > 0 && all > Rows ? TimeSpan.FromSeconds((all - Rows) / RowsPerSecond) : null;
}
