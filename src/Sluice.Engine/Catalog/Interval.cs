namespace Sluice.Engine.Catalog;

/// <summary>A range of time that was asked for; an open end means no bound on that side.</summary>
/// <param name="Start">The first instant that belongs to it, or null.</param>
/// <param name="End">The last instant that belongs to it, or null.</param>
public sealed record Interval(DateTimeOffset? Start, DateTimeOffset? End)
{
    /// <summary>All of time.</summary>
    public static Interval All { get; } = new(null, null);

    /// <summary>Whether nothing was asked for.</summary>
    public bool IsAll => Start is null && End is null;
}
