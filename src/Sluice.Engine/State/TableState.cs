namespace Sluice.Engine.State;

/// <summary>How far a table has been read: the next incremental run goes on from here.</summary>
public sealed record TableState
{
    /// <summary>The destination table.</summary>
    public required string Table { get; init; }

    /// <summary>The table as it was asked for, with its period where it has one.</summary>
    public required string Source { get; init; }

    /// <summary>Whatever Customer.io had before this instant, by its own clock, is in the table.</summary>
    public required DateTimeOffset Until { get; init; }

    /// <summary>
    /// The same for each parent whose children are read by time, by the parent's key: a parent that is not among them has all of its history ahead.
    /// </summary>
    public IReadOnlyDictionary<string, DateTimeOffset> Parents { get; init; } = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);

    /// <summary>The run that wrote it, or null if a person set it.</summary>
    public string? RunId { get; init; }
}
