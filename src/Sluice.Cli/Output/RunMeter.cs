using Sluice.CustomerIo;
using Sluice.Engine.Runs;

namespace Sluice.Cli.Output;

/// <summary>Turns a run's counters into speeds: rows a second over the latest seconds, and the time that is left where an end is known.</summary>
internal sealed class RunMeter(RunProgress progress, TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(8);

    private readonly long _started = time.GetTimestamp();
    private readonly Dictionary<string, Queue<(TimeSpan At, long Rows)>> _samples = new(StringComparer.Ordinal);

    public TimeSpan Elapsed => time.GetElapsedTime(_started);

    public BudgetUsage? Budget => progress.Budget;

    /// <summary>Takes a sample and gives every table's state.</summary>
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

/// <summary>One table at one moment.</summary>
internal sealed record TableSpeed(string Table, TableStage Stage, long Pages, long Rows, long Requests, double RowsPerSecond)
{
    public long? Expected { get; init; }

    public bool IsOver => Stage is TableStage.Done or TableStage.Failed;

    /// <summary>Whether something has happened that is worth a line.</summary>
    public bool IsBusy => !IsOver && (Pages > 0 || Stage == TableStage.Committing);

    /// <summary>The time left at the present speed, if the end is known.</summary>
    public TimeSpan? Left => Expected is { } all && RowsPerSecond > 0 && all > Rows ? TimeSpan.FromSeconds((all - Rows) / RowsPerSecond) : null;
}
