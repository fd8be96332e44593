namespace Sluice.Engine.Config;

/// <summary>How a table is read and written beyond its columns, with the defaults filled in.</summary>
public sealed record TableSettings
{
    /// <summary>
    /// Whether these were said for this table alone, as a pipeline can: then nobody else's pages serve it. What holds for all tables of a request is a
    /// part of each spool's fingerprint instead.
    /// </summary>
    public bool IsOwn { get; init; }

    /// <summary>The range of time that was asked for.</summary>
    public Interval Interval { get; init; } = Interval.All;

    /// <summary>Rows after which no more is asked for, or null.</summary>
    public long? Limit { get; init; }

    /// <summary>Whether the table is read and written anew, whatever is remembered of it.</summary>
    public bool FullRefresh { get; init; }

    /// <summary>How far behind the mark of the last run an incremental one begins for deliveries, 0 to 180 days; null for 30 days.</summary>
    public TimeSpan? LookBack { get; init; }

    /// <summary>What becomes of rows that a whole listing no longer has.</summary>
    public DeletePolicy Deletes { get; init; }

    /// <summary>What is done about fields that nobody knows.</summary>
    public SchemaContract Contract { get; init; }

    /// <summary>What is hidden of records before they are stored.</summary>
    public Masking Masks { get; init; } = Masking.None;
}
