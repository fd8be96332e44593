using System.Runtime.InteropServices;
using Sluice.Engine.Runs;

namespace Sluice.Cli.Output;

/// <summary>Computes rows per second over the last seconds from a run's counters, and the remaining time where it can be estimated.</summary>
internal sealed class RunMeter(RunProgress progress, TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(8);

    private readonly long _started = time.GetTimestamp();
    private readonly Dictionary<string, Queue<Sample>> _samples = new(StringComparer.Ordinal);

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

    /// <summary>
    /// The least time that is left: tables are read side by side, so the one with most to do decides. Null while no table can tell, for
    /// deliveries nobody counts.
    /// </summary>
    public static TimeSpan? Left(IEnumerable<TableSpeed> tables) => tables.Where(table => !table.IsOver).Max(table => table.Left);

    private TableSpeed Read(TableProgress table, TimeSpan now)
    {
        if (!_samples.TryGetValue(table.Table, out var samples))
        {
            _samples.Add(table.Table, samples = new Queue<Sample>());
        }

        var sample = new Sample(now, table.Rows, table.Parents);
        samples.Enqueue(sample);
        while (now - samples.Peek().At > Window)
        {
            samples.Dequeue();
        }

        var before = samples.Peek();
        return new TableSpeed(table.Table, table.Stage, table.Pages, sample.Rows, table.Requests, PerSecond(before, sample, one => one.Rows))
        {
            Expected = table.Expected,
            ParentsLeft = table.ExpectedParents is { } all ? Math.Max(0, all - sample.Parents) : null,
            ParentsPerSecond = PerSecond(before, sample, one => one.Parents),
        };
    }

    private static double PerSecond(Sample before, Sample now, Func<Sample, long> count) =>
        now.At > before.At ? (count(now) - count(before)) / (now.At - before.At).TotalSeconds : 0;

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Sample(TimeSpan At, long Rows, long Parents);
}

/// <summary>The speed of a table at a moment.</summary>
internal sealed record TableSpeed(string Table, TableStage Stage, long Pages, long Rows, long Requests, double RowsPerSecond)
{
    public long? Expected { get; init; }

    /// <summary>Rows of the parent that are still to be asked for; null when that is not known.</summary>
    public long? ParentsLeft { get; init; }

    public double ParentsPerSecond { get; init; }

    public bool IsOver => Stage is TableStage.Done or TableStage.Failed;

    /// <summary>Whether there is progress worth printing.</summary>
    public bool IsBusy => !IsOver && (Pages > 0 || Stage == TableStage.Committing);

    /// <summary>The remaining time at the current speed, if it is known how many records or parents there are.</summary>
    public TimeSpan? Left => Expected is { } all ? LeftOf(all - Rows, RowsPerSecond) : LeftOf(ParentsLeft, ParentsPerSecond);

    private static TimeSpan? LeftOf(long? count, double perSecond) =>
        count is > 0 and var left && perSecond > 0 ? TimeSpan.FromSeconds(left / perSecond) : null;
}
