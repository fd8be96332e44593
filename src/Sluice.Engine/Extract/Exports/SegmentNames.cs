using System.Globalization;
using System.Text.Json;
using Sluice.Engine.Catalog;

namespace Sluice.Engine.Extract.Exports;

/// <summary>Finds segments by id or name.</summary>
internal sealed class SegmentNames(ExtractionRun run, ExtractContext context)
{
    /// <exception cref="SluiceException">Some are not there, or a name has several (kind Config): all of them are named.</exception>
    public async Task<IReadOnlyList<long>> IdsAsync(IReadOnlyList<string> wanted, CancellationToken cancel)
    {
        var segments = await ReadAsync(cancel);
        var mistakes = new ValidationErrors();
        var ids = wanted.Select(one => Find(one, segments, mistakes)).OfType<long>().Distinct().ToList();
        mistakes.ThrowIfAny();
        return ids;
    }

    private async Task<List<(long Id, string Name)>> ReadAsync(CancellationToken cancel)
    {
        var resource =
            run.Extraction.Lookup ?? throw new InvalidOperationException($"{run.Extraction.Key} was planned without the list of its segments.");
        var segments = new List<(long, string)>();
        await foreach (
            var page in context.Pages.ReadAsync(RequestBuilder.Build(resource, ParentRow.None), RequestBuilder.ShapeOf(resource), cancel: cancel))
        {
            run.Counters.Answered(page.Attempts, page.Waited);
            segments.AddRange(Enumerable.Range(0, page.Records.Count).Select(i => Parse(page.Record(i))));
        }

        return segments;
    }

    private long? Find(string wanted, List<(long Id, string Name)> segments, ValidationErrors mistakes)
    {
        if (segments.Any(segment => segment.Id.ToString(CultureInfo.InvariantCulture) == wanted))
        {
            return long.Parse(wanted, CultureInfo.InvariantCulture);
        }

        var named = segments.Where(segment => segment.Name == wanted).ToList();
        named = named.Count > 0 ? named : [.. segments.Where(segment => segment.Name.Equals(wanted, StringComparison.OrdinalIgnoreCase))];
        if (named is [var only])
        {
            return only.Id;
        }

        if (named.Count > 1)
        {
            mistakes.Add(
                $"{run.Extraction.Key.Title}: {named.Count} segments are called '{wanted}'.",
                $"Give the id of the one that is meant: {string.Join(", ", named.Select(one => one.Id))}.");
        }
        else
        {
            mistakes.Add(
                $"{run.Extraction.Key.Title}: there is no segment '{wanted}'.",
                Suggestion.For(wanted, segments.Select(segment => segment.Name))
                    ?? "`sluice ingest --source-table segments` lists them; a name with a comma is better given as its id.");
        }

        return null;
    }

    private static (long Id, string Name) Parse(ReadOnlyMemory<byte> record)
    {
        using var document = JsonDocument.Parse(record, RawJson.DocumentOptions);
        var root = document.RootElement;
        return (
            long.Parse(root.GetProperty("id").ToString(), CultureInfo.InvariantCulture),
            root.TryGetProperty("name", out var name) ? name.ToString() : "");
    }
}
