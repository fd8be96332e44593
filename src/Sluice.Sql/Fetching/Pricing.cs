using Sluice.Engine.Catalog;
using Sluice.Engine.Extract;
using Sluice.Sql.Tables;

namespace Sluice.Sql.Fetching;

/// <summary>Says how many requests a way of reading takes, from what is known without asking.</summary>
/// <param name="tables">The tables.</param>
/// <param name="lists">The lists that were read in this query.</param>
/// <param name="lengths">Rows of whole tables by resource, as former queries have found them.</param>
/// <param name="now">The time.</param>
internal sealed class Pricing(LiveTables tables, ParentLists lists, IReadOnlyDictionary<string, long> lengths, DateTimeOffset now)
{
    // What is assumed of lists of which nothing is known.
    private const long Some = 20;
    private const long SomePages = 3;
    private const long SomePeople = 1000;

    private readonly HashSet<string> _priced = new(StringComparer.Ordinal);

    /// <summary>Takes a way into the price of the query: the lists that it reads on its way are not read once more for others.</summary>
    public void Take(Reading reading)
    {
        for (var one = reading.Resource; one.Parent is { } binding && reading.Where.KeysOf(one) is null; one = tables.Catalog.Find(binding.Resource)!)
        {
            if (reading.Where.Above(binding.Resource).IsEmpty)
            {
                _priced.Add(binding.Resource);
            }
        }
    }

    /// <summary>The list that must be read before the price of a way is known; null when it is known.</summary>
    public Resource? Unknown(Reading reading)
    {
        var resource = ConfiguredResource.With(reading.Resource, reading.Options, reading.Where);
        for (var one = resource; one.Parent is { } binding && reading.Where.KeysOf(one) is null; one = tables.Catalog.Find(binding.Resource)!)
        {
            var parent = tables.Catalog.Find(binding.Resource)!;
            if (parent is { Parent: null, Reading: ReadingKind.List })
            {
                return lists.Rows(parent, WhereFilter.None) is null ? parent : null;
            }
        }

        return null;
    }

    /// <summary>The resource whose number of rows decides the price of a way and is not known; null when it is, or does not matter.</summary>
    public Resource? Unmeasured(Reading reading)
    {
        var resource = ConfiguredResource.With(reading.Resource, reading.Options, reading.Where);
        if (reading.MostRows is not null || (reading.IsFiltered && !IsSearch(reading)) || reading.Matches is not null)
        {
            return null;
        }

        for (var one = resource; one is not null; one = one.Parent is { } binding ? tables.Catalog.Find(binding.Resource) : null)
        {
            if (reading.Where.KeysOf(one) is not null)
            {
                return null;
            }

            if (one.Reading is ReadingKind.People or ReadingKind.Objects || one is { Reading: ReadingKind.List, Paged: true, Parent: null })
            {
                return lengths.ContainsKey(one.Name) || lists.Rows(one, WhereFilter.None) is not null ? null : one;
            }
        }

        return null;
    }

    /// <summary>Requests for one way of reading.</summary>
    public Price Of(Reading reading)
    {
        var resource = ConfiguredResource.With(reading.Resource, reading.Options, reading.Where);
        var price = IsSearch(reading) ? Search(resource, reading.Matches ?? LengthOf(resource) / 2) : Of(resource, reading.Where, reading.Interval);
        return reading.MostRows is { } rows ? new Price(Math.Min(price.Least, 1), Math.Min(price.Likely, Pages(rows, resource.PageSize ?? 1)))
            : reading.Since is not null ? price with { Least = Math.Min(price.Least, 1) }
            : price;
    }

    /// <summary>Requests when so many parents are asked, of which the keys are not known yet.</summary>
    public Price OfEach(Reading reading, Price parents)
    {
        var resource = reading.Resource;
        return resource.Batch is { } batch
            ? new Price(Pages(parents.Least, batch.MaxItems), Pages(parents.Likely, batch.MaxItems))
            : parents.Times(EachOf(resource, reading.Interval));
    }

    private static bool IsSearch(Reading reading) => reading.IsFiltered && reading.Resource.Reading is (ReadingKind.People or ReadingKind.Hydrate);

    // Of a filter on attributes nothing tells how many people it lets through: half of them are assumed.
    private static Price Search(Resource resource, long matches)
    {
        const int page = 1000;
        var found = Math.Max(1, Pages(matches, page));
        return resource.Batch is { } batch ? new Price(1, found + Math.Max(1, Pages(matches, batch.MaxItems))) : new Price(1, found);
    }

    private Price Of(Resource resource, WhereFilter where, Interval interval) => resource.Reading switch
    {
        ReadingKind.List => List(resource),
        ReadingKind.Windows => Windows(resource, interval),
        ReadingKind.People => Guess(resource, resource.PageSize ?? 1),
        ReadingKind.Hydrate when where.KeysOf(resource) is { } keys => Price.Exactly(Pages(keys.Count, resource.Batch!.MaxItems)),
        ReadingKind.Hydrate => (Guess(resource, resource.Batch!.MaxItems) with { Least = 0 })
            + Lead(tables.Catalog.Find(resource.Parent!.Resource)!, WhereFilter.None),
        _ => Children(resource, where, interval),
    };

    private Price List(Resource resource)
    {
        var variants = RequestBuilder.VariantsOf(resource).Count;
        return resource.Paged
            ? new Price(variants, Math.Max(variants, Guess(resource, resource.PageSize ?? resource.UsualPageSize ?? 100).Likely))
            : Price.Exactly(variants);
    }

    private Price Windows(Resource resource, Interval interval)
    {
        long windows = TimeWindow.Cover(interval.Start ?? TimeWindow.Beginning, interval.End ?? now, resource.Window!.MaxDays).Count;
        windows *= RequestBuilder.VariantsOf(resource).Count;
        return new Price(windows, interval.IsAll ? Math.Max(windows, windows + Guess(resource, resource.PageSize ?? 1).Likely - 1) : windows);
    }

    private Price Children(Resource resource, WhereFilter where, Interval interval)
    {
        if (where.KeysOf(resource) is { } keys && lists.Rows(tables.Catalog.Find(resource.Parent!.Resource)!, WhereFilter.None) is null)
        {
            // Of a key that is nobody's the first request is the last.
            return new Price(keys.Count, keys.Count * EachOf(resource, interval));
        }

        var parent = tables.Catalog.Find(resource.Parent!.Resource)!;
        return Lead(parent, where.Above(parent.Name)) + (lists.Rows(parent, where) is { } rows
            ? Price.Exactly(rows.Sum(row => RequestsFor(resource, row, interval)))
            : Rows(parent, where).Times(EachOf(resource, interval)));
    }

    private Price Lead(Resource parent, WhereFilter where) =>
        lists.Rows(parent, WhereFilter.None) is null && !(where.IsEmpty && _priced.Contains(parent.Name))
            ? Of(parent, where, Interval.All)
            : Price.None;

    // A parent that lists its children tells how many pages they have.
    private long RequestsFor(Resource resource, ReadOnlyMemory<byte> parent, Interval interval)
    {
        var pages = resource is { ListedIn: { } list, UsualPageSize: { } usual } ? Pages(Math.Max(1, ParentLists.LengthOf(parent, list)), usual) : 1;
        if (resource.Window is not { } window)
        {
            return pages * RequestBuilder.VariantsOf(resource).Count;
        }

        var birth = window.NotBefore is { } column
            ? ParentRow.Parse(parent, tables.Catalog.Find(resource.Parent!.Resource)!, [column]).Birth(window)
            : null;
        return RequestBuilder.VariantsOf(resource).Count
            * TimeWindow.Cover(interval.Start ?? birth ?? TimeWindow.Beginning, interval.End ?? now, window.MaxDays).Count;
    }

    private long EachOf(Resource resource, Interval interval)
    {
        long variants = RequestBuilder.VariantsOf(resource).Count;
        return resource.Window is { } window && !(window.NotBefore is not null && interval.Start is null)
            ? variants * TimeWindow.Cover(interval.Start ?? TimeWindow.Beginning, interval.End ?? now, window.MaxDays).Count
            : variants;
    }

    // Rows of a resource that lead to others.
    private Price Rows(Resource resource, WhereFilter where)
    {
        if (lists.Rows(resource, where) is { } known)
        {
            return Price.Exactly(known.Count);
        }

        if (where.On(resource.Name).FirstOrDefault(condition => condition.Operator == WhereCondition.In) is { } named)
        {
            return new Price(0, named.Values.Count);
        }

        if (resource is { Parent: { } binding, ListedIn: { } list }
            && lists.Rows(tables.Catalog.Find(binding.Resource)!, where) is { } parents)
        {
            return Price.Exactly(parents.Sum(parent => (long)ParentLists.LengthOf(parent, list)));
        }

        return new Price(0, LengthOf(resource));
    }

    private Price Guess(Resource resource, int perRequest) => new(1, Pages(LengthOf(resource), perRequest));

    private long LengthOf(Resource resource) =>
        lengths.TryGetValue(resource.Name, out var rows) ? rows
        : resource.Reading == ReadingKind.Hydrate ? LengthOf(tables.Catalog.Find(resource.Parent!.Resource)!)
        : resource.Reading == ReadingKind.People ? SomePeople
        : resource is { Paged: true, PageSize: { } size } ? SomePages * size
        : Some;

    private static long Pages(long rows, long perPage) => Math.Max(rows == 0 ? 0 : 1, (rows + perPage - 1) / perPage);
}
