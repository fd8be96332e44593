using Sluice.CustomerIo;

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
    public BudgetUsage? Budget => Budgets.Select(budget => budget.Usage).ToList() switch
    {
        [] => null,
        [var only] => only,
        var several => Together(several),
    };

    internal IReadOnlyList<RequestBudget> Budgets { get; set; } = [];

    internal TableProgress Add(TableJob job, IReadOnlyList<SpooledExtraction> extractions)
    {
        var table = new TableProgress(NameOf(job), extractions);
        lock (_gate)
        {
            _tables.Add(table);
        }

        return table;
    }

    // What adds up is added up; the share that was used is the average.
    private static BudgetUsage Together(List<BudgetUsage> budgets) => new()
    {
        Granted = budgets.Sum(budget => budget.Granted),
        Waited = TimeSpan.FromTicks(budgets.Sum(budget => budget.Waited.Ticks)),
        SlowDowns = budgets.Sum(budget => budget.SlowDowns),
        CurrentRate = budgets.Sum(budget => budget.CurrentRate),
        Utilisation = budgets.Average(budget => budget.Utilisation),
    };

    // Tables of several workspaces, or of one resource asked for in several ways, are told apart by where they go.
    private string NameOf(TableJob job) =>
        Tables.Any(table => table.Table == job.Source.ToString()) ? $"{job.Source} into {job.Schema}.{job.Table}" : job.Source.ToString();
}

/// <summary>Where one table is.</summary>
public sealed class TableProgress
{
    private readonly IReadOnlyList<SpooledExtraction> _extractions;

    internal TableProgress(string table, IReadOnlyList<SpooledExtraction> extractions) => (Table, _extractions) = (table, extractions);

    /// <summary>The table as it was asked for.</summary>
    public string Table { get; }

    /// <summary>Pages read in this run.</summary>
    public long Pages => _extractions.Sum(one => one.Counters.Pages);

    /// <summary>Records fetched.</summary>
    public long Rows => _extractions.Sum(one => one.Counters.Rows);

    /// <summary>HTTP requests made.</summary>
    public long Requests => _extractions.Sum(one => one.Counters.Requests);

    /// <summary>What the table is doing.</summary>
    public TableStage Stage { get; internal set; }

    /// <summary>Records that are expected, when Customer.io has told; null otherwise.</summary>
    public long? Expected { get; internal set; }

    /// <summary>Rows of the parent that have been asked for; 0 for a table that has no parent.</summary>
    public long Parents => _extractions.Sum(one => one.Counters.Parents);

    /// <summary>Rows of the parent that will be asked for; null while the parent's list is being read, and without a parent.</summary>
    public long? ExpectedParents => _extractions.All(IsOfAllParents) ? _extractions.Sum(one => one.Parent!.Sink.Rows) : null;

    private static bool IsOfAllParents(SpooledExtraction one) =>
        one is { Parent.Sink.IsComplete: true, Extraction: { Limit: null, Key.Where.IsEmpty: true } };
}

/// <summary>What a table is doing.</summary>
public enum TableStage
{
    /// <summary>Nothing yet.</summary>
    Waiting,

    /// <summary>Reading pages and staging them.</summary>
    Reading,

    /// <summary>Making the rows visible.</summary>
    Committing,

    /// <summary>Done.</summary>
    Done,

    /// <summary>Not done, for the reason the report tells.</summary>
    Failed,
}
