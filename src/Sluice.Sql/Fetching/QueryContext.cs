using Sluice.Engine.Catalog;
using Sluice.Sql.Planning;
using Sluice.Sql.Tables;

namespace Sluice.Sql.Fetching;

/// <summary>What one query works with.</summary>
internal sealed class QueryContext
{
    public required LiveTables Tables { get; init; }

    public required QueryDatabase Database { get; init; }

    public required QueryFolder Folder { get; init; }

    public required Fetcher Fetcher { get; init; }

    public required FetchedTables Fetched { get; init; }

    public required ParentLists Lists { get; init; }

    public required Pricing Pricing { get; init; }

    /// <summary>Rows of earlier queries; null when none are kept.</summary>
    public FragmentCache? Cache { get; init; }

    /// <summary>Whether rows of earlier queries may be used.</summary>
    public bool TakesFromCache { get; init; } = true;

    /// <summary>Whether an earlier query has brought what a reading would, so that it costs nothing.</summary>
    public bool IsCached(Reading reading) => TakesFromCache && Cache is { DecidesWays: true } cache && cache.Has(reading);

    /// <summary>Whether a table is read whole only when there is no other way; only tests of the ways want that.</summary>
    public bool PrefersNarrowWays { get; init; }

    /// <summary>Rows of whole tables by resource, kept for later queries.</summary>
    public required IDictionary<string, long> Lengths { get; init; }

    /// <summary>The time by Customer.io's clock.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Requests that the query may take.</summary>
    public required long MostRequests { get; init; }

    /// <summary>Requests that it has taken.</summary>
    public long Spent { get; private set; }

    /// <summary>Values that did not fit their column and are NULL.</summary>
    public long Rejected { get; private set; }

    /// <summary>Asks how many rows a resource has, and gives the requests that it took.</summary>
    public required Func<Resource, CancellationToken, Task<long>> Measure { private get; init; }

    /// <summary>Finds out how many rows a resource has, for the price alone.</summary>
    public async Task MeasureAsync(Resource resource, CancellationToken cancel)
    {
        Spend(await Measure(resource, cancel));
        Lengths.TryAdd(resource.Name, 0);
    }

    public void Spend(long requests) => Spent += requests;

    /// <summary>Keeps how long a whole table is.</summary>
    public void NoteLength(Resource resource, long rows) => Lengths[resource.Name] = rows;

    /// <summary>How many rows a table may have of which nothing was read.</summary>
    public long GuessRows(LiveTable table) => Lengths.TryGetValue(table.Resource.Name, out var rows) ? rows : 10;

    /// <summary>What would make a table cheaper; null when nothing is known.</summary>
    public string? Advice(string table) =>
        Tables.Find(table) is { } found
        && found.Columns.Where(column => PushedDown.Of(found, column.Name, Tables.Catalog) is not null).Select(column => column.Name).ToList()
            is { Count: > 0 } columns
            ? $"A condition on {string.Join(" or ", columns)} of {table} makes it cheaper"
            : null;

    /// <summary>Gets what a reading says, from an earlier query or from Customer.io.</summary>
    public async Task<Fragment> FetchAsync(Reading reading, CancellationToken cancel)
    {
        var folder = Folder.Next();
        var fragment = (TakesFromCache ? Cache?.Take(reading, folder) : null) ?? await AskAsync(reading, folder, cancel);
        if (fragment.Age is not null && reading.IsWhole)
        {
            await Fetcher.KnowListAsync(fragment, cancel);
        }

        Fetched.Add(fragment);
        Rejected += fragment.Rejected;
        if (reading.MostRows is { } most && fragment.Rows >= most && await Fetched.CountAsync(reading.Table, cancel) < most)
        {
            // Some rows came twice, and the list has more of them.
            return await FetchAsync(reading with { MostRows = null }, cancel);
        }

        if (fragment.IsMissingPeople)
        {
            // A person who is gone has no list any more, but rows in that of everybody.
            return await FetchAsync(reading.OfEverybody, cancel);
        }

        if (reading.IsWhole && reading.Table.Options.IsEmpty)
        {
            NoteLength(reading.Resource, fragment.Rows);
        }

        return fragment;
    }

    /// <summary>Gets a list that only leads to other tables; gives the requests that it took.</summary>
    public async Task<long> ListAsync(Resource list, CancellationToken cancel)
    {
        var reading = new Reading(Tables.OfResource(list), list);
        if (TakesFromCache && Cache?.Take(reading, Folder.Next()) is { List: not null } cached)
        {
            await Fetcher.KnowListAsync(cached, cancel);
            return 0;
        }

        var requests = await Fetcher.ReadListAsync(list, cancel);
        Spend(requests);
        return requests;
    }

    private async Task<Fragment> AskAsync(Reading reading, string folder, CancellationToken cancel)
    {
        var fragment = await Fetcher.FetchAsync(reading, folder, MostRequests - Spent, cancel);
        Spend(fragment.Requests);
        if (!fragment.IsMissingPeople)
        {
            Cache?.Keep(fragment);
        }

        return fragment;
    }
}
