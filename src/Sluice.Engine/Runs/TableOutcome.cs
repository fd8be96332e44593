namespace Sluice.Engine.Runs;

/// <summary>How a table's part of a run ended.</summary>
public enum TableOutcome
{
    /// <summary>Everything was read and committed.</summary>
    Done,

    /// <summary>Committed, but named parents or values are missing.</summary>
    Partial,

    /// <summary>Nothing was committed.</summary>
    Failed,

    /// <summary>Stopped on request before the commit; what was fetched is kept for the next run.</summary>
    Cancelled,
}
