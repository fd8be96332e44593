using Sluice.CustomerIo;
using Sluice.Engine.Config;

namespace Sluice.Engine.Runs;

/// <summary>Where a run is, for whoever wants to show it; safe to read at any time.</summary>
public sealed class RunProgress
{
    private readonly Lock _gate = new();
    private readonly List<TableProgress> _tables = [];

    /// <summary>The tables, as far as the run knows them.</summary>
    public IReadOnlyList<TableProgress> Tables
    {
        get
        {
            lock (_gate)
            {
                return [.. _tables];
            }
        }
    }

    /// <summary>The budget's use so far, once the run has a client.</summary>
    public BudgetUsage? Budget => BudgetReader?.Invoke();

    internal Func<BudgetUsage>? BudgetReader { get; set; }

    internal TableProgress Add(TableJob job, Extract.FeedCounters counters)
    {
        var table = new TableProgress(job.Source.ToString(), counters);
        lock (_gate)
        {
            _tables.Add(table);
        }

        return table;
    }
}
