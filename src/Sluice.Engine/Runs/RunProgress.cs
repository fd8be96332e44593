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

    internal TableProgress Add(TableJob job, IReadOnlyList<Extract.ExtractionCounters> counters)
    {
        var table = new TableProgress(NameOf(job), counters);
        lock (_gate)
        {
            _tables.Add(table);
        }

        return table;
    }

    // Tables of several workspaces, or of one resource asked for in several ways, are told apart by where they go.
    private string NameOf(TableJob job) => Tables.Any(table => table.Table == job.Source.ToString()) ? $"{job.Source} into {job.Schema}.{job.Table}" : job.Source.ToString();
}
