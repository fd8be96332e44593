using System.Collections.Concurrent;
using System.Globalization;
using Sluice.CustomerIo;

namespace Sluice.Engine.Extract;

/// <summary>One walk for every row of the parent, many side by side; a parent that is gone meanwhile is left out and named.</summary>
internal sealed class ParentWalks(Feed feed, ExtractContext context) : IExtraction
{
    private readonly PageWalk _walk = new(feed, context);
    private readonly ConcurrentDictionary<string, byte> _begun = new(StringComparer.Ordinal);

    public Task RunAsync(CancellationToken cancel) =>
        Parallel.ForEachAsync(ParentRows.ReadAsync(feed, cancel), context.Options(cancel), async (row, token) => await ReadAsync(row, token));

    private async Task ReadAsync(ParentRow row, CancellationToken cancel)
    {
        var name = ParentKey.Of(feed.Resource, row);
        if (!_begun.TryAdd(name, 0) || feed.Spool.Walk(name).IsDone)
        {
            return;
        }

        try
        {
            await ReadVariantsAsync(name, row, cancel);
        }
        catch (CustomerIoException error) when (error.Kind == CustomerIoErrorKind.NotFound)
        {
            await feed.Spool.SkipAsync(name, ParentKey.Gone(feed.Resource, row, error), cancel);
        }
    }

    private async Task ReadVariantsAsync(string name, ParentRow row, CancellationToken cancel)
    {
        foreach (var (index, variant) in RequestVariants.Of(feed.Resource).Index())
        {
            var stamp = ParentStamp.Of(feed.Resource, row, variant);
            foreach (var window in Windows(row))
            {
                var walk = string.Create(CultureInfo.InvariantCulture, $"{name}/{index}/{window?.Id}");
                var asked = window is null ? null : new TimeWindow(window.Start - 1, window.End + 1);
                await ReadAsync(walk, row, () => _walk.ReadAsync(walk, RequestBuilder.Build(feed.Resource, row, variant, asked), stamp, cancel), cancel);
            }
        }
    }

    private Task ReadAsync(string walk, ParentRow row, Func<Task<long>> read, CancellationToken cancel) =>
        feed.Resource.Count is { } rule && feed.Limit is null ? new CountedWalk(feed, _walk, rule).ReadAsync(walk, row, read, cancel) : read();

    private IEnumerable<TimeWindow?> Windows(ParentRow row)
    {
        if (feed.Resource.Window is not { } rule)
        {
            return [null];
        }

        var start = feed.Range.Start ?? Known(row) ?? ParentBirth.Of(row, rule) ?? TimeWindow.Beginning;
        var end = feed.Range.End ?? feed.Spool.Began;
        return TimeWindow.Cover(start, end, rule.MaxDays);
    }

    private DateTimeOffset? Known(ParentRow row) =>
        feed.Range.ParentStarts.TryGetValue(ParentKey.Of(feed.Resource, row), out var start) ? start : null;
}
