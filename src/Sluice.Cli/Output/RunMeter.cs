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
