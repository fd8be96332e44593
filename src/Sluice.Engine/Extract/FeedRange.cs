namespace Sluice.Engine.Extract;

/// <summary>The part of time that a feed is read for.</summary>
/// <param name="Start">The first instant, or null for all of the past.</param>
/// <param name="End">The last instant, or null for the beginning of the run.</param>
internal sealed record FeedRange(DateTimeOffset? Start, DateTimeOffset? End)
{
    public static FeedRange All { get; } = new(null, null);

    /// <summary>Whether the user named the range: it is read exactly then, not only what is new.</summary>
    public bool IsExplicit { get; init; }

    /// <summary>Where the reading of a parent's children begins, by the parent's key; a parent that is not among them is read from its beginning.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset> ParentStarts { get; init; } = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);

    /// <summary>Whether everything that Customer.io has is read.</summary>
    public bool IsAll => Start is null && End is null && ParentStarts.Count == 0;
}
