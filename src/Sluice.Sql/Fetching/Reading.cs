using System.Globalization;
using System.Runtime.InteropServices;
using Sluice.Engine.Catalog;
using Sluice.Sql.Tables;

namespace Sluice.Sql.Fetching;

/// <summary>One way of asking for rows of a table: what it says is asked once, and its rows are kept under <see cref="Key"/>.</summary>
internal sealed record Reading(LiveTable Table, Resource Resource)
{
    /// <summary>The options that it is asked for with.</summary>
    public OptionValues Options { get; init; } = Table.Options;

    /// <summary>Rows that the options let through, as far as the query says it; null when nothing does.</summary>
    public long? Matches { get; init; }

    /// <summary>Whether the parents' counts are asked for instead of their rows, which then have no column but the parents' keys.</summary>
    public bool IsCounted { get; init; }

    /// <summary>Which rows of what leads to it are asked.</summary>
    public WhereFilter Where { get; init; } = WhereFilter.None;

    /// <summary>The part of time that is asked for.</summary>
    public Interval Interval { get; init; } = Interval.All;

    /// <summary>Where a list that comes newest first can end, or null.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Rows after which no more is asked for; null for all.</summary>
    public long? MostRows { get; init; }

    /// <summary>Whether every row of the table comes.</summary>
    public bool IsWhole => !IsFiltered && Where.IsEmpty && Interval.IsAll && Since is null && MostRows is null && !IsCounted;

    /// <summary>Whether an option chooses some of the table's rows.</summary>
    public bool IsFiltered => !Options.Equals(Table.Options);

    /// <summary>Whether the rows of single people are asked for, of a table that has everybody's.</summary>
    public bool IsOfPeople => Resource.SharedWith == Table.Resource.Name;

    /// <summary>The same rows and those of everybody else.</summary>
    public Reading OfEverybody => this with { Resource = Table.Resource, Where = WhereFilter.None };

    /// <summary>All rows of the table.</summary>
    public Reading Whole => new(Table, IsOfPeople ? Table.Resource : Resource);

    /// <summary>Names what is asked for, the same in every process.</summary>
    public string Key => string.Create(
        CultureInfo.InvariantCulture,
        $"{Resource.Name}|{Table.Source}|{Options}|{Where}|{Interval.Start:O}|{Interval.End:O}|{Since:O}|{MostRows}{(IsCounted ? "|counts" : "")}");
}

/// <summary>A way of getting the rows that a scan needs.</summary>
/// <param name="Readings">What is asked for; none when no row can be of use.</param>
/// <param name="How">The way in words: "campaign_id = 5".</param>
internal sealed record AccessPath(IReadOnlyList<Reading> Readings, string How)
{
    /// <summary>The columns whose conditions make it cheaper.</summary>
    public IReadOnlyList<string> Pushed { get; init; } = [];

    /// <summary>Requests that it takes.</summary>
    public required Price Price { get; init; }

    public bool IsWhole => Readings is [{ IsWhole: true }];
}

/// <summary>A number of requests: never fewer than <paramref name="Least"/>, probably <paramref name="Likely"/>.</summary>
/// <param name="Least">The lower bound.</param>
/// <param name="Likely">The estimate.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Price(long Least, long Likely)
{
    public static Price None => default;

    public static Price Exactly(long requests) => new(requests, requests);

    public bool IsExact => Least == Likely;

    public static Price operator +(Price one, Price other) => new(one.Least + other.Least, one.Likely + other.Likely);

    public Price Times(long factor) => new(Least * factor, Likely * factor);
}

/// <summary>Values that a column of a scan can have, as far as they are known.</summary>
/// <param name="Values">The values, or null when only their number is guessed.</param>
/// <param name="Count">How many there are.</param>
/// <param name="From">Where they come from, in words.</param>
internal sealed record KeySet(IReadOnlyList<string>? Values, Price Count, string From)
{
    /// <summary>Values that stand in the query; null for null.</summary>
    public static KeySet? Of(HashSet<string>? constants)
    {
        if (constants is null)
        {
            return null;
        }

        string[] values = [.. constants.Order(StringComparer.Ordinal)];
        return new KeySet(values, Price.Exactly(values.Length), Words.Of(values));
    }
}

/// <summary>What is known of a scan before it is read.</summary>
/// <param name="Of">The values that a column can have; null for nothing known.</param>
/// <param name="Segments">Segments whose members alone are of use, all of them there; null when it is not so.</param>
/// <param name="IsAlone">Whether it is the only scan of its table.</param>
internal sealed record ScanKeys(Func<string, KeySet?> Of, IReadOnlyList<string>? Segments, bool IsAlone);

/// <summary>A column by which a resource can be asked for less, because it is asked once for each of its parents.</summary>
/// <param name="Column">The column of the table.</param>
/// <param name="Resource">The resource whose rows are chosen.</param>
/// <param name="By">The column of that resource.</param>
internal sealed record KeyColumn(string Column, string Resource, string By)
{
    /// <summary>All of a resource, those of a nearer parent after those of a farther one.</summary>
    public static IReadOnlyList<KeyColumn> Of(Resource resource, ResourceCatalog catalog)
    {
        if (resource is { PersonParent: { } people, Parent: null, PersonPath: not null, SharedWith: not null })
        {
            return [new KeyColumn("cio_id", people, "cio_id")];
        }

        if (resource.Parent is not { } binding)
        {
            return [];
        }

        var columns = resource.Reading == ReadingKind.Hydrate
            ? resource.PrimaryKey.Append("cio_id").Distinct(StringComparer.Ordinal).Select(name => KeyValuePair.Create(name, "cio_id"))
            : binding.Columns;
        var parent = catalog.Find(binding.Resource)!;
        return [.. columns.Select(column => Climb(column.Key, parent, column.Value, catalog)).OrderBy(key => key.Resource == parent.Name)];
    }

    // A campaign's actions are asked by campaign: an action's metrics of one campaign need only that campaign's actions.
    private static KeyColumn Climb(string column, Resource parent, string by, ResourceCatalog catalog) =>
        parent.Reading != ReadingKind.Hydrate && parent.Parent is { } binding && binding.Columns.TryGetValue(by, out var above)
            ? Climb(column, catalog.Find(binding.Resource)!, above, catalog)
            : new KeyColumn(column, parent.Name, by);
}
