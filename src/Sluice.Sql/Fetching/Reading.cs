using System.Globalization;
using System.Runtime.InteropServices;
using Sluice.Engine.Catalog;
using Sluice.Sql.Tables;

namespace Sluice.Sql.Fetching;

/// <summary>One way of asking for rows of a table: what it says is asked once, and its rows are kept under <see cref="Key"/>.</summary>
internal sealed record Reading(LiveTable Table, Resource Resource)
{
    /// <summary>The options that it is asked for with.</summary>
    public OptionValues Options { get; init; } = OptionValues.None;

    /// <summary>Which rows of what leads to it are asked.</summary>
    public WhereFilter Where { get; init; } = WhereFilter.None;

    /// <summary>The part of time that is asked for.</summary>
    public Interval Interval { get; init; } = Interval.All;

    /// <summary>Where a list that comes newest first can end, or null.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Rows after which no more is asked for; null for all.</summary>
    public long? MostRows { get; init; }

    /// <summary>Whether every row of the table comes.</summary>
    public bool IsWhole => Options.IsEmpty && Where.IsEmpty && Interval.IsAll && Since is null && MostRows is null;

    /// <summary>Names what is asked for, the same in every process.</summary>
    public string Key => string.Create(
        CultureInfo.InvariantCulture,
        $"{Resource.Name}|{Table.Source}|{Options}|{Where}|{Interval.Start:O}|{Interval.End:O}|{Since:O}|{MostRows}");
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
internal sealed record KeySet(IReadOnlyList<string>? Values, Price Count, string From);

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
