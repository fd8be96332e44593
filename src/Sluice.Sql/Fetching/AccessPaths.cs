using System.Globalization;
using Sluice.Engine.Catalog;
using Sluice.Sql.Planning;
using Sluice.Sql.Tables;

namespace Sluice.Sql.Fetching;

/// <summary>Finds the ways in which a scan's rows can be had, from what is known of its columns.</summary>
/// <param name="tables">The tables.</param>
/// <param name="pricing">What each way costs.</param>
internal sealed class AccessPaths(LiveTables tables, Pricing pricing)
{
    // Parts of an OR that are asked for one by one.
    private const int MostAlternatives = 10;

    private readonly PeopleSearch _people = new(pricing);

    /// <summary>All ways, the whole table among them.</summary>
    /// <param name="scan">The scan.</param>
    /// <param name="table">Its table.</param>
    /// <param name="resource">The resource that has the columns which the query uses.</param>
    /// <param name="known">What is known of the values of its columns.</param>
    public IReadOnlyList<AccessPath> Of(PlanScan scan, LiveTable table, Resource resource, ScanKeys known)
    {
        var whole = new Reading(table, resource);
        var timed = WithTime(scan, whole);
        var paths = new List<AccessPath>();
        if (Stopped(scan, whole) is { } stopped)
        {
            paths.Add(stopped);
        }

        paths.Add(Path([whole], "the whole table", []));
        if (!timed.Equals(whole))
        {
            paths.Add(Path([timed], TimeText(timed), [TimeColumn(resource)!]));
        }

        paths.AddRange(ByKeys(timed, known.Of));
        paths.AddRange(ByParentRange(scan, timed));
        paths.AddRange(ByAlternatives(scan, timed, known.Of));
        paths.AddRange(_people.Of(scan, whole, known));
        return known.IsAlone && CanBeCounted(scan, resource) ? [.. paths.Select(Counted), .. paths] : paths;
    }

    private IEnumerable<AccessPath> ByKeys(Reading reading, Func<string, KeySet?> keysOf) =>
        [.. ByParents(reading, keysOf), .. ByPerson(reading, keysOf), .. ByOptions(reading, keysOf)];

    // Messages and activities of a person are a list of their own.
    private IEnumerable<AccessPath> ByPerson(Reading reading, Func<string, KeySet?> keysOf) =>
        reading.Options.IsEmpty && Personal(reading.Table, tables.Catalog) is { } personal
            ? ByParents(reading with { Resource = personal }, keysOf)
            : [];

    /// <summary>The list that has the rows of single people of a table that has everybody's; null when there is none.</summary>
    public static Resource? Personal(LiveTable table, ResourceCatalog catalog) => table.Options.IsEmpty
        ? catalog.Resources.FirstOrDefault(other => other.SharedWith == table.Resource.Name && other.PersonPath is not null)
        : null;

    // Each part of an OR in the way that is best for it: together they bring every row that can be of use.
    private IEnumerable<AccessPath> ByAlternatives(PlanScan scan, Reading reading, Func<string, KeySet?> keysOf)
    {
        foreach (var any in scan.Conditions.OfType<CombinedExpression>().Where(one => one.IsOr && one.Parts.Count <= MostAlternatives))
        {
            var ways = any.Parts
                .Select(part => ByKeys(reading, column => KeySet.Of(Conditions.ValuesOf(part, scan, column)) ?? keysOf(column)))
                .Select(ways => ways.MinBy(way => way.Price.Likely))
                .OfType<AccessPath>()
                .ToList();
            if (ways.Count == any.Parts.Count)
            {
                yield return new AccessPath(
                    [.. ways.SelectMany(way => way.Readings).DistinctBy(one => one.Key)], string.Join(" or ", ways.Select(way => way.How)))
                {
                    Pushed = [.. ways.SelectMany(way => way.Pushed).Distinct(StringComparer.Ordinal)],
                    Price = ways.Aggregate(Price.None, (sum, way) => sum + way.Price),
                };
            }
        }
    }

    // Where only the parents' keys are used, it is enough to know how many rows each parent has.
    private static bool CanBeCounted(PlanScan scan, Resource resource) =>
        resource is { Count.Path: not null, Parent: { } parent } && scan.Used.All(parent.Columns.ContainsKey);

    private static AccessPath Counted(AccessPath path) => path with
    {
        Readings = [.. path.Readings.Select(reading => reading with { IsCounted = true })],
        How = $"{path.How}, counted by Customer.io",
    };

    private AccessPath Path(IReadOnlyList<Reading> readings, string how, IReadOnlyList<string> pushed) => new(readings, how)
    {
        Pushed = pushed,
        Price = readings.Aggregate(Price.None, (sum, reading) => sum + pricing.Of(reading)),
    };

    private static string? TimeColumn(Resource resource) => resource.Window?.Column ?? resource.NewestFirstBy;

    // Seconds, so that the ends lie outside: what is too much is left out by DuckDB.
    private static Reading WithTime(PlanScan scan, Reading reading)
    {
        if (TimeColumn(reading.Resource) is not { } column)
        {
            return reading;
        }

        var range = Conditions.RangeOf(scan, column);
        if (range is { From: null, To: null })
        {
            return reading;
        }

        var (from, to) = (Floor(range.From), Ceiling(range.To));
        return reading.Resource.Window is null
            ? reading with { Since = from }
            : reading with { Interval = new Interval(from, to) };
    }

    private static DateTimeOffset? Floor(long? microseconds) => microseconds is { } time ? Second(Math.Floor(time / 1e6)) : null;

    private static DateTimeOffset? Ceiling(long? microseconds) => microseconds is { } time ? Second(Math.Ceiling(time / 1e6)) : null;

    private static DateTimeOffset Second(double seconds) =>
        DateTimeOffset.FromUnixTimeSeconds((long)Math.Clamp(seconds, 0, DateTimeOffset.MaxValue.ToUnixTimeSeconds()));

    private static string TimeText(Reading reading)
    {
        var column = TimeColumn(reading.Resource);
        var (from, to) = (reading.Since ?? reading.Interval.Start, reading.Interval.End);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{column}{(from is null ? "" : $" from {from:yyyy-MM-dd HH:mm:ss}")}{(to is null ? "" : $" to {to:yyyy-MM-dd HH:mm:ss}")}");
    }

    private IEnumerable<AccessPath> ByParents(Reading reading, Func<string, KeySet?> keysOf)
    {
        var known = KeysOf(reading)
            .Select(column => (Column: column, Keys: Fitting(reading.Table, column.Column, keysOf(column.Column))))
            .Where(one => one.Keys is not null)
            .ToList();
        if (known.Count == 0)
        {
            yield break;
        }

        var pushed = known.Select(one => one.Column.Column).ToList();
        var how = string.Join(" and ", known.Select(one => $"{one.Column.Column} {one.Keys!.From}"));
        if (known.Find(one => one.Keys!.Values is null) is { Keys: { } guessed })
        {
            yield return new AccessPath([], how) { Pushed = pushed, Price = pricing.OfEach(reading, guessed.Count) };
            yield break;
        }

        if (known.Exists(one => one.Keys!.Values!.Count == 0))
        {
            yield return new AccessPath([], $"{how}: no row can be of use") { Pushed = pushed, Price = Price.None };
            yield break;
        }

        // Several columns can come from one parent's column; all must hold.
        var conditions = known
            .GroupBy(one => (one.Column.Resource, one.Column.By))
            .Select(group => new WhereCondition(
                group.Key.Resource,
                group.Key.By,
                WhereCondition.In,
                [.. group.Select(one => one.Keys!.Values!).Aggregate((all, more) => [.. all.Intersect(more, StringComparer.Ordinal)])]))
            .ToList();
        conditions.AddRange(conditions.Where(condition => MustBeListed(reading.Resource, condition)).Select(Listed).ToList());
        yield return Path([reading with { Where = new WhereFilter(conditions) }], how, pushed);
    }

    // A search for objects of a type that is none is refused, where another key that is nobody's is only not found.
    private bool MustBeListed(Resource resource, WhereCondition condition)
    {
        for (var one = resource; one.Parent is { } binding; one = tables.Catalog.Find(binding.Resource)!)
        {
            if (one.Reading == ReadingKind.Objects && binding.Resource == condition.Resource)
            {
                return true;
            }
        }

        return false;
    }

    // A second condition, which every key meets, has the list read.
    private static WhereCondition Listed(WhereCondition condition) => condition with { Operator = ">=", Values = ["0"] };

    private IEnumerable<KeyColumn> KeysOf(Reading reading) =>
        KeyColumn.Of(reading.Resource, tables.Catalog).Where(key => reading.Table.Has(key.Column));

    // Parents whose key lies in a range: their list says which there are.
    private IEnumerable<AccessPath> ByParentRange(PlanScan scan, Reading reading)
    {
        foreach (var key in KeysOf(reading).Where(key => reading.Table.TypeOf(key.Column) == ColumnType.Bigint))
        {
            var (from, to) = Conditions.WholeRangeOf(scan, key.Column);
            var conditions = new[] { Bound(key, ">=", from), Bound(key, "<=", to) }.OfType<WhereCondition>().ToList();
            if (conditions.Count > 0)
            {
                var how = string.Create(CultureInfo.InvariantCulture, $"{key.Column} from {from} to {to}").TrimEnd();
                yield return Path([reading with { Where = new WhereFilter(conditions) }], how, [key.Column]);
            }
        }
    }

    private static WhereCondition? Bound(KeyColumn key, string comparison, long? bound) =>
        bound is { } number ? new WhereCondition(key.Resource, key.By, comparison, [number.ToString(CultureInfo.InvariantCulture)]) : null;

    // A key of another form than the column's can't be any row's.
    private static KeySet? Fitting(LiveTable table, string column, KeySet? keys) =>
        keys?.Values is not { } values ? keys
        : table.TypeOf(column) == ColumnType.Bigint
            ? keys with { Values = [.. values.Where(value => ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _))] }
        : keys with { Values = [.. values.Where(value => value.Length > 0)] };

    // Options of which a column has the value in every row.
    private IEnumerable<AccessPath> ByOptions(Reading reading, Func<string, KeySet?> keysOf)
    {
        var choices = new List<(ResourceOption Option, string Column, KeySet Keys)>();
        foreach (var (option, column) in OptionColumns.Of(reading.Resource))
        {
            if (Fitting(reading.Table, column, keysOf(column)) is { Values: { } values } keys)
            {
                var fitting = option.Values.Count == 0 ? values : [.. values.Where(value => option.Values.Contains(value, StringComparer.Ordinal))];
                choices.Add((option, column, keys with { Values = fitting }));
            }
        }

        // Which of two options excludes the other is said nowhere in the catalog: one that takes a single value is used, the most selective one.
        var single = choices.Where(choice => !choice.Option.Many).OrderBy(choice => choice.Keys.Values!.Count).Take(1).ToList();
        var used = choices.Where(choice => choice.Option.Many).Concat(single).ToList();
        if (used.Count == 0)
        {
            yield break;
        }

        var readings = used.Aggregate<(ResourceOption Option, string Column, KeySet Keys), IReadOnlyList<Reading>>(
            [reading],
            (all, choice) => choice.Keys.Values!.Count == 0 ? []
                : choice.Option.Many ? [.. all.Select(one => one with { Options = With(one.Options, choice.Option, choice.Keys.Values) })]
                : [.. all.SelectMany(one => choice.Keys.Values.Select(value => one with { Options = With(one.Options, choice.Option, [value]) }))]);
        yield return Path(
            readings, string.Join(" and ", used.Select(one => $"{one.Column} {one.Keys.From}")), [.. used.Select(one => one.Column)]);
    }

    private static OptionValues With(OptionValues options, ResourceOption option, IReadOnlyList<string> values) =>
        new(options.Names.Select(name => KeyValuePair.Create(name, options.All(name))).Append(new(option.Name, values)));

    // Every row that comes counts, and the order in which they come is the one that is wanted, or none is.
    private AccessPath? Stopped(PlanScan scan, Reading reading)
    {
        if (scan.Limit is not { } limit
            || reading.Resource.RowFilter is not null
            || scan.Conditions.Exists(condition => condition is not TrueExpression)
            || (scan.NewestBy is { } by && by != reading.Resource.NewestFirstBy))
        {
            return null;
        }

        return limit == 0
            ? new AccessPath([], "LIMIT 0") { Price = Price.None }
            : Path([reading with { MostRows = limit }], string.Create(CultureInfo.InvariantCulture, $"stops at {limit} rows"), []);
    }
}
