namespace Sluice.Engine.Config;

/// <summary>Everything that one ingest needs to know, checked and with the defaults filled in.</summary>
public sealed record IngestRequest
{
    /// <summary>The tables, in the order in which they are reported.</summary>
    public required IReadOnlyList<TableJob> Tables { get; init; }

    /// <summary>The range of time that was asked for.</summary>
    public Interval Interval { get; init; } = Interval.All;

    /// <summary>Rows per table after which no more is asked for, or null.</summary>
    public long? Limit { get; init; }

    /// <summary>Whether tables are read and written anew, whatever is remembered of them.</summary>
    public bool FullRefresh { get; init; }

    /// <summary>How far behind the mark of the last run an incremental one begins for deliveries, 0 to 180 days; null for 30 days.</summary>
    public TimeSpan? LookBack { get; init; }

    /// <summary>What becomes of rows that a whole listing no longer has.</summary>
    public DeletePolicy Deletes { get; init; }

    /// <summary>Whether named gaps (skipped parents, short counts, rejected values) are accepted as success.</summary>
    public bool AllowPartial { get; init; }

    /// <summary>What is done about fields that nobody knows.</summary>
    public SchemaContract Contract { get; init; }

    /// <summary>The folder for spools, from <c>SLUICE_HOME</c>.</summary>
    public string WorkFolder { get; init; } = ".sluice";

    /// <summary>Names the pair of workspace and destination: spools of different pairs never meet.</summary>
    public required string PairId { get; init; }

    /// <summary>Bytes after which a segment is closed and loaded.</summary>
    public long SegmentBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Rows after which a load makes what it has staged survive the process, so that the spool can let go of them.</summary>
    public long StageRows { get; init; } = 250_000;

    /// <summary>Keeps the spooled pages after the commit, for debugging.</summary>
    public bool KeepSpool { get; init; }

    /// <summary>What is hidden of records before they are stored.</summary>
    public Masking Masks { get; init; } = Masking.None;

    /// <summary>The part of the request that one workspace has to answer.</summary>
    internal IngestRequest In(string workspace, string pairId) => this with { PairId = pairId, Tables = [.. Tables.Where(job => job.IsReadFrom(workspace))] };

    /// <summary>What holds for a table: its own rules, or else those of the request.</summary>
    public TableRules RulesOf(TableJob job) => job.Rules ?? new TableRules
    {
        Interval = Interval,
        Limit = Limit,
        FullRefresh = FullRefresh,
        LookBack = LookBack,
        Deletes = Deletes,
        Contract = Contract,
        Masks = Masks,
    };

    /// <summary>Leaves the pages where they are after the commit, so that the same request loads them into another destination without asking again.</summary>
    public bool LeaveSpool { get; init; }

    /// <summary>Walks of one feed that may wait for an answer at the same time.</summary>
    public int Parallelism { get; init; } = 24;
}
