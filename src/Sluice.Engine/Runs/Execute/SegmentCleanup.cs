using System.Collections.Concurrent;
using Sluice.Engine.Spool;

namespace Sluice.Engine.Runs;

/// <summary>Removes an extraction's segments as soon as no table needs them any more, so that the spool stays small however much is read.</summary>
internal sealed class SegmentCleanup(SpooledExtraction one, int tables, bool keepsAll)
{
    private readonly ConcurrentDictionary<int, int> _done = [];

    /// <summary>Tells that one of the tables has a segment's rows for good.</summary>
    public async Task DoneWithAsync(Segment segment, CancellationToken cancel)
    {
        if (_done.AddOrUpdate(segment.Number, 1, (_, count) => count + 1) == tables && !keepsAll && !segment.IsGone)
        {
            await one.Sink.RemoveAsync(segment, cancel);
        }
    }
}
