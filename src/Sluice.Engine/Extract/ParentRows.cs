using System.Runtime.CompilerServices;
using Sluice.Engine.Catalog;

namespace Sluice.Engine.Extract;

/// <summary>
/// The rows of an extraction's parent that are wanted, each as soon as it is durable, so that children are asked for while the list is still read;
/// or the keys that a user has named, without asking for a list.
/// </summary>
internal static class ParentRows
{
    public static async IAsyncEnumerable<ParentRow> ReadAsync(ExtractionRun run, [EnumeratorCancellation] CancellationToken cancel)
    {
        if (run.Extraction.Key.Where.KeysOf(run.Extraction.Resource) is { } keys)
        {
            foreach (var key in keys)
            {
                yield return ParentRow.Named(run.Extraction.Resource.Parent!.Route.Values.First(), key);
            }

            yield break;
        }

        var parent = run.Parent ?? throw new InvalidOperationException($"{run.Extraction.Key} has no parent.");
        var conditions = run.Extraction.Key.Where.On(parent.Extraction.Resource.Name);
        var columns = ColumnsNeeded(run.Extraction.Resource, conditions);
        await foreach (var page in parent.Sink.PagesAsync(cancel))
        {
            foreach (
                var row in Lines(page)
                    .Select(line => ParentRow.Parse(line, parent.Extraction.Resource, columns))
                    .Where(row => conditions.All(condition => condition.Holds(row.Text(condition.Column)))))
            {
                if (run.HasEnough)
                {
                    yield break;
                }

                if (row.WhyNotAsked(run.Extraction.Resource) is { } reason)
                {
                    await run.Sink.SkipAsync(row.KeyIn(run.Extraction.Resource), reason, cancel);
                    continue;
                }

                yield return row;
            }
        }
    }

    private static HashSet<string> ColumnsNeeded(Resource resource, IReadOnlyList<WhereCondition> conditions)
    {
        var binding = resource.Parent!;
        var columns = binding
            .Route.Values.Concat(binding.Columns.Values)
            .Concat(conditions.Select(condition => condition.Column))
            .ToHashSet(StringComparer.Ordinal);
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
