using Sluice.Engine.Extract;
using Sluice.Engine.State;

namespace Sluice.Engine.Runs;

/// <summary>The marks of the parents whose children were read by time in a run.</summary>
internal static class ParentsRead
{
    private static readonly Dictionary<string, DateTimeOffset> None = new(StringComparer.Ordinal);

    /// <summary>Gives every parent that was read to its end; one that was skipped is left out and has all of its history ahead.</summary>
    public static IReadOnlyDictionary<string, DateTimeOffset> Of(Feed feed)
    {
        if (feed.Parent is null || feed.Resource.Window is null)
        {
            return None;
        }

        var until = feed.Spool.Began - LookBack.Margin;
        var skipped = feed.Spool.Skips;
        return feed.Spool.Walks.Select(ParentKey.OfWalk).Distinct(StringComparer.Ordinal)
            .Where(parent => !skipped.ContainsKey(parent))
            .ToDictionary(parent => parent, _ => until, StringComparer.Ordinal);
    }
}
