using System.Globalization;
using System.Text.Json;
using Sluice.CustomerIo;
using Sluice.Engine.Catalog;
using Sluice.Engine.Extract;

namespace Sluice.Engine.Runs;

/// <summary>Reads the lists that lead to children, once each, and the first page of lists whose length nobody tells.</summary>
internal sealed class ListProbe(CustomerIoClient client)
{
    /// <summary>As far as activities go back for certain.</summary>
    public static readonly TimeSpan ActivitySpan = TimeSpan.FromDays(30);

    private readonly PageReader _reader = new(client);
    private readonly Dictionary<ExtractionKey, IReadOnlyList<ParentProbeRow>> _known = [];
    private readonly Dictionary<ExtractionKey, (long Rows, bool IsWhole)> _matches = [];

    /// <summary>The rows of a resource's parent; for parents that are children themselves, as many as their own parents name.</summary>
    public async Task<IReadOnlyList<ParentProbeRow>> ParentsAsync(Extraction child, CancellationToken cancel)
    {
        var parent = child.Parent!;
        if (!_known.TryGetValue(parent.Key, out var rows))
        {
            var resource = parent.Resource;
            _known[parent.Key] = rows = resource.Parent is null
                ? await ReadAllAsync(resource, cancel)
                : Listed(
                    await ParentsAsync(parent, cancel),
                    resource.ListedIn ?? throw new InvalidOperationException($"Nothing names the rows of {resource.Name}."));
        }

        var conditions = child.Key.Where.On(parent.Resource.Name);
        return conditions.Count == 0 ? rows : [.. rows.Where(row => row.Holds(parent.Resource, conditions))];
    }

    public async Task<ListLength> RowsAsync(Resource resource, RequestVariant? variant, TimeSpan span, CancellationToken cancel)
    {
        await foreach (
            var page in _reader.ReadAsync(RequestBuilder.Build(resource, ParentRow.None, variant), RequestBuilder.ShapeOf(resource), cancel: cancel))
        {
            var count = page.Records.Count;
            return string.IsNullOrEmpty(page.Next) || count == 0 || (resource.Paging == PagingStyle.Offset && count < resource.PageSize)
                ? new ListLength(count, Math.Max(1, count), "its first page is its last")
                : Extrapolate(page, span);
        }

        return new ListLength(0, 1, "it is empty");
    }

    /// <summary>The rows on a search's first page, and whether there are no more.</summary>
    public async Task<(long Rows, bool IsWhole)> MatchesAsync(Extraction search, CancellationToken cancel)
    {
        if (_matches.TryGetValue(search.Key, out var known))
        {
            return known;
        }

        var resource = search.Resource;
        var shape = RequestBuilder.ShapeOf(resource);
        await foreach (var page in _reader.ReadAsync(RequestBuilder.Build(resource, ParentRow.None), shape, cancel: cancel))
        {
            return _matches[search.Key] = (page.Records.Count, string.IsNullOrEmpty(page.Next));
        }

        return (0, true);
    }

    // Newest first and 30 days guaranteed: how much of them one page covers tells how many there are.
    private static ListLength Extrapolate(Page page, TimeSpan span)
    {
        var count = page.Records.Count;
        var times = Enumerable.Range(0, count).Select(i => Number(page.Record(i), "timestamp")).OfType<long>().ToList();
        var covered = times.Count < 2 ? 0 : Math.Abs(times[0] - times[^1]);
        return covered == 0
            ? new ListLength(count * 2L, count, "there is more than one page, how many nobody tells: two are assumed")
            : new ListLength(
                Math.Max(count + 1L, count * (long)span.TotalSeconds / covered),
                count,
                $"the first page's share of the last {Math.Ceiling(span.TotalDays)} days");
    }

    // Several requests that together give the whole may give a row twice.
    private async Task<IReadOnlyList<ParentProbeRow>> ReadAllAsync(Resource parent, CancellationToken cancel)
    {
        var rows = new List<ParentProbeRow>();
        foreach (var variant in RequestBuilder.VariantsOf(parent))
        {
            await foreach (
                var page in _reader.ReadAsync(RequestBuilder.Build(parent, ParentRow.None, variant), RequestBuilder.ShapeOf(parent), cancel: cancel))
            {
                rows.AddRange(Enumerable.Range(0, page.Records.Count).Select(i => Parse(page.Record(i))));
            }
        }

        return [.. rows.DistinctBy(row => row.Key, StringComparer.Ordinal)];
    }

    private static List<ParentProbeRow> Listed(IReadOnlyList<ParentProbeRow> parents, string list) =>
        [.. parents.SelectMany(parent => Enumerable.Repeat(ParentProbeRow.Nameless(parent.Created), parent.LengthOf(list)))];

    private static ParentProbeRow Parse(ReadOnlyMemory<byte> record)
    {
        using var document = JsonDocument.Parse(record);
        var lengths = document.RootElement.EnumerateObject()
            .Where(member => member.Value.ValueKind == JsonValueKind.Array)
            .DistinctBy(member => member.Name, StringComparer.Ordinal)
            .ToDictionary(member => member.Name, member => member.Value.GetArrayLength(), StringComparer.Ordinal);
        var created = (Number(record, "created") ?? Number(record, "created_at")) is { } seconds and > 0
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : (DateTimeOffset?)null;
        var key = document.RootElement.TryGetProperty("id", out var id) ? id.ToString() : "";
        return new ParentProbeRow(key, created, lengths) { Record = record.ToArray() };
    }

    private static long? Number(ReadOnlyMemory<byte> record, string field)
    {
        using var document = JsonDocument.Parse(record);
        return
            document.RootElement.TryGetProperty(field, out var value) && long.TryParse(value.ToString(), CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
    }
}

/// <summary>What a plan needs of a parent's row.</summary>
/// <param name="Key">Its id; empty if it is only known that it exists.</param>
/// <param name="Created">When the parent was created, if it says so.</param>
/// <param name="Lengths">How long its arrays are, by key: some of them name its children.</param>
internal sealed record ParentProbeRow(string Key, DateTimeOffset? Created, IReadOnlyDictionary<string, int> Lengths)
{
    private static readonly Dictionary<string, int> None = new(StringComparer.Ordinal);

    /// <summary>The record itself; empty if it is only known that it exists.</summary>
    public ReadOnlyMemory<byte> Record { get; init; }

    public static ParentProbeRow Nameless(DateTimeOffset? created) => new("", created, None);

    public int LengthOf(string list) => Lengths.GetValueOrDefault(list);

    /// <summary>Whether the row meets conditions; one of which nothing is known may meet them.</summary>
    public bool Holds(Resource resource, IReadOnlyList<WhereCondition> conditions)
    {
        if (Record.IsEmpty)
        {
            return true;
        }

        var row = ParentRow.Parse(Record, resource, [.. conditions.Select(condition => condition.Column)]);
        return conditions.All(condition => condition.Holds(row.Text(condition.Column)));
    }
}

/// <summary>How long a list is, as far as its first page tells.</summary>
internal sealed record ListLength(long Estimate, int FirstPage, string Basis);

/// <summary>Reads one page of the newest windows and guesses from it how many pages they have.</summary>
internal sealed class WindowProbe(CustomerIoClient client, Resource resource, RequestVariant? variant)
{
    private const int EmptyWindowsUntilEnough = 2;
    private readonly PageReader _reader = new(client);
    private int _empty;

    /// <summary>Whether the last windows were empty, so that older ones are taken to be empty, too: only the plan does that, never the run.</summary>
    public bool IsExhausted => _empty >= EmptyWindowsUntilEnough;

    public async Task<double> PagesAsync(TimeWindow window, CancellationToken cancel)
    {
        var request = RequestBuilder.Build(resource, ParentRow.None, variant, window);
        await foreach (var page in _reader.ReadAsync(request, RequestBuilder.ShapeOf(resource), cancel: cancel))
        {
            _empty = page.Records.Count == 0 ? _empty + 1 : 0;
            return string.IsNullOrEmpty(page.Next) ? 1 : Math.Ceiling(PageDensity.PagesIn(page, window, resource.Window!.Column));
        }

        return 1;
    }
}
