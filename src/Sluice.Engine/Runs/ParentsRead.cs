using Sluice.Engine.Extract;
using Sluice.Engine.State;

namespace Sluice.Engine.Runs;

/// <summary>The marks of the parents whose children were read by time in a run.</summary>
internal static class ParentsRead
{
    private static readonly Dictionary<string, DateTimeOffset> None = new(StringComparer.Ordinal);

    /// <summary>Gives every parent that was read to its end; one that was skipped is left out and has all of its history ahead.</summary>
    public static IReadOnlyDictionary<string, DateTimeOffset> Of(SpooledExtraction feed)
    {
        if (feed.Parent is null || feed.Extraction.Resource.Window is null)
        {
            return None;
        }

        var until = feed.Sink.Began - LookBack.Margin;
        var skipped = feed.Sink.Skips;
        return feed.Sink.PartitionNames().Select(ParentRow.KeyOf).Distinct(StringComparer.Ordinal)
            .Where(parent => !skipped.ContainsKey(parent))
            .ToDictionary(parent => parent, _ => until, StringComparer.Ordinal);
    }
}
