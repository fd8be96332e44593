using Sluice.Engine.Extract;

namespace Sluice.Engine.Runs;

/// <summary>Where one table is.</summary>
public sealed class TableProgress
{
    private readonly IReadOnlyList<ExtractionCounters> _counters;

    internal TableProgress(string table, IReadOnlyList<ExtractionCounters> counters)
    {
        Table = table;
        _counters = counters;
    }

    /// <summary>The table as it was asked for.</summary>
    public string Table { get; }

    /// <summary>Pages read in this run.</summary>
    public long Pages => _counters.Sum(feed => feed.Pages);

    /// <summary>Records fetched.</summary>
    public long Rows => _counters.Sum(feed => feed.Rows);

    /// <summary>HTTP requests made.</summary>
    public long Requests => _counters.Sum(feed => feed.Requests);

    /// <summary>What the table is doing.</summary>
    public TableStage Stage { get; internal set; }

    /// <summary>Records that are expected, when Customer.io has told; null otherwise.</summary>
    public long? Expected { get; internal set; }
}
