using System.Runtime.CompilerServices;
using Sluice.Engine.Catalog;

namespace Sluice.Engine.Extract;

/// <summary>The rows of a feed's parent, each as soon as it is durable, so that children are asked for while the list is still read.</summary>
internal static class ParentRows
{
    public static async IAsyncEnumerable<ParentRow> ReadAsync(Feed feed, [EnumeratorCancellation] CancellationToken cancel)
    {
        var parent = feed.Parent ?? throw new InvalidOperationException($"{feed.Name} has no parent.");
        var columns = ColumnsNeeded(feed.Resource);
        await foreach (var page in parent.Spool.PagesAsync(cancel))
        {
            foreach (var line in Lines(page))
            {
                yield return ParentRow.Parse(line, parent.Resource, columns);
            }
        }
    }

    private static HashSet<string> ColumnsNeeded(Resource resource)
    {
        var binding = resource.Parent!;
        var columns = binding.Route.Values.Concat(binding.Columns.Values).ToHashSet(StringComparer.Ordinal);
        columns.UnionWith(new[] { resource.Window?.NotBefore, resource.Count?.Column }.OfType<string>());
        return columns;
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Lines(ReadOnlyMemory<byte> page)
    {
        while (page.Span.IndexOf((byte)'\n') is var end and >= 0)
        {
            yield return page[..end];
            page = page[(end + 1)..];
        }
    }
}
