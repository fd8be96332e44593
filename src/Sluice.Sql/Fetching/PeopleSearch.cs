using Sluice.Engine.Catalog;
using Sluice.Sql.Planning;

namespace Sluice.Sql.Fetching;

/// <summary>The ways in which people are found by Customer.io's search; spelling is compared by DuckDB.</summary>
/// <param name="pricing">What each way costs.</param>
internal sealed class PeopleSearch(Pricing pricing)
{
    private const int FewSegments = 20;

    public IEnumerable<AccessPath> Of(PlanScan scan, Reading whole, ScanKeys known)
    {
        var isSearch = whole.Resource.Reading == ReadingKind.People;
        if (!isSearch && whole.Resource.Reading != ReadingKind.Hydrate)
        {
            yield break;
        }

        // Of people by cio_id the rest is looked up without a search.
        foreach (var column in isSearch ? ["cio_id", "id", "email"] : new[] { "id", "email" })
        {
            if (known.Of(column) is { Values: { } values } keys)
            {
                yield return ByValues(whole, column, keys, values);
            }
        }

        foreach (var attribute in whole.Table.Attributes)
        {
            if (known.Of(attribute) is { Values: { } values } keys && values.All(SearchConditions.IsPlain))
            {
                yield return ByValues(whole, attribute, keys, values);
            }
        }

        if (new SearchConditions(scan, whole.Table).Filter() is { } filter)
        {
            yield return Path([Searched(whole, filter, null)], filter.How, filter.Columns);
        }

        if (isSearch && known.Segments is { Count: > 0 and <= FewSegments } segments)
        {
            var members = SearchFilter.InSegments(segments);
            yield return Path([Searched(whole, members, known.Of("cio_id")?.Values?.Count)], members.How, members.Columns);
        }
    }

    private AccessPath ByValues(Reading whole, string column, KeySet keys, IReadOnlyList<string> values)
    {
        var isIdentifier = !whole.Table.IsAttribute(column);
        var parts = values.Where(value => value.Length > 0).Chunk(SearchFilter.MostValues);
        return Path(
            [.. parts.Select(some => Searched(whole, SearchFilter.Equal(column, column, some), isIdentifier ? some.Length : null))],
            $"{column} {keys.From}",
            [column]);
    }

    private AccessPath Path(IReadOnlyList<Reading> readings, string how, IReadOnlyList<string> pushed) => new(readings, how)
    {
        Pushed = pushed,
        Price = readings.Aggregate(Price.None, (sum, reading) => sum + pricing.Of(reading)),
    };

    private static Reading Searched(Reading whole, SearchFilter filter, long? matches) =>
        whole with { Options = whole.Options.With("filter", filter.Text), Matches = matches };
}
