using Sluice.Engine.Catalog;
using Sluice.Sql.Planning;
using Sluice.Sql.Tables;

namespace Sluice.Sql.Fetching;

/// <summary>What is wanted of a query.</summary>
internal enum QueryAim
{
    /// <summary>What it costs, as far as that is known without a request.</summary>
    Guess,

    /// <summary>What it costs, for the few requests that tell it.</summary>
    Price,

    /// <summary>Its rows.</summary>
    Rows,
}

/// <summary>
/// Gets the rows that a query needs: always the cheapest table next, whose values then are keys for others. When only the price is wanted, nothing is
/// asked for but short lists on which the price of others depends.
/// </summary>
internal sealed class QueryRun
{
    private readonly QueryContext _context;
    private readonly QueryPlan _plan;
    private readonly QueryAim _aim;
    private readonly KnownKeys _keys;
    private readonly AccessPaths _paths;
    private readonly Dictionary<string, LiveTable> _tables;
    private readonly Dictionary<LiveTable, Resource> _resources;
    private readonly List<PlanScan> _todo;
    private readonly HashSet<string> _priced = new(StringComparer.Ordinal);
    private readonly List<QueryStep> _steps = [];
    private Price _price;

    /// <param name="context">What the query works with.</param>
    /// <param name="plan">What it needs.</param>
    /// <param name="aim">What is wanted.</param>
    public QueryRun(QueryContext context, QueryPlan plan, QueryAim aim)
    {
        (_context, _plan, _aim) = (context, plan, aim);
        _todo = [.. plan.Scans.Where(scan => scan.Source.IsLive && context.Tables.Find(scan.Table) is not null)];
        _tables = _todo.Select(scan => scan.Table).Distinct(StringComparer.Ordinal).ToDictionary(name => name, name => context.Tables.Find(name)!);
        _resources = _todo.GroupBy(TableOf).ToDictionary(
            scans => scans.Key, scans => scans.Key.ReadFor(scans.SelectMany(scan => scan.Used).ToHashSet(StringComparer.Ordinal)));
        _keys = new KnownKeys(plan, context, TableOf);
        _paths = new AccessPaths(context.Tables, context.Pricing);
    }

    /// <summary>What is wanted.</summary>
    public QueryAim Aim => _aim;

    /// <summary>What was read, or would be.</summary>
    public IReadOnlyList<QueryStep> Steps => _steps;

    /// <summary>What the whole query costs, what was read already with what it has cost.</summary>
    public Price Price => _price;

    /// <summary>The tables that the query names.</summary>
    public IEnumerable<LiveTable> Tables => _tables.Values;

    /// <summary>Goes through all tables.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        while (_todo.Count > 0)
        {
            cancel.ThrowIfCancellationRequested();
            var (scan, path) = await NextAsync(cancel);
            if (_aim != QueryAim.Guess && path.Readings.Select(_context.Pricing.Unknown).OfType<Resource>().FirstOrDefault() is { } list
                && (_aim == QueryAim.Rows || !list.Paged) && !HasAll(path))
            {
                await ReadListAsync(list, cancel);
                continue;
            }

            if (_aim == QueryAim.Price && !HasAll(path)
                && path.Readings.Select(_context.Pricing.Unmeasured).OfType<Resource>().FirstOrDefault() is { } unmeasured)
            {
                await _context.MeasureAsync(unmeasured, cancel);
                continue;
            }

            _todo.Remove(scan);
            await TakeAsync(scan, path, cancel);
        }
    }

    private LiveTable TableOf(PlanScan scan) => _tables[scan.Table];

    private bool HasAll(AccessPath path) => path.Readings.All(reading => _context.Fetched.Has(reading) || _context.IsCached(reading));

    private async Task<(PlanScan Scan, AccessPath Path)> NextAsync(CancellationToken cancel)
    {
        (PlanScan Scan, AccessPath Path)? best = null;
        foreach (var scan in _todo)
        {
            var path = await BestAsync(scan, cancel);
            if (best is null || Rank(path).CompareTo(Rank(best.Value.Path)) < 0)
            {
                best = (scan, path);
            }
        }

        return best!.Value;
    }

    private async Task<AccessPath> BestAsync(PlanScan scan, CancellationToken cancel)
    {
        var table = TableOf(scan);
        var known = await _keys.OfAsync(scan, cancel);
        var segments = await _keys.SegmentsAsync(scan, cancel);
        var paths = _paths.Of(scan, table, _resources[table], new ScanKeys(known.GetValueOrDefault, segments, IsAlone(scan)));
        return paths
            .Where(path => path.Readings.All(reading => reading.MostRows is null) || IsAlone(scan))
            .Select(WithoutWhatIsThere)
            .Select(path => _aim != QueryAim.Rows && _keys.MayShrink(scan) ? path with { Price = path.Price with { Least = 0 } } : path)
            .MinBy(Rank)!;
    }

    // Another scan of the table may bring other rows, among which the limit would then choose.
    private bool IsAlone(PlanScan scan) => _plan.Scans.Count(other => other.Source == scan.Source) == 1;

    private AccessPath WithoutWhatIsThere(AccessPath path)
    {
        var missing = path.Readings.Where(reading => !IsThere(reading)).ToList();
        return missing.Count == path.Readings.Count ? path : path with
        {
            Price = missing.Aggregate(Price.None, (sum, reading) => sum + _context.Pricing.Of(reading)),
        };
    }

    private bool IsThere(Reading reading) =>
        _context.Fetched.Has(reading)
        || _context.IsCached(reading)
        || (reading.IsWhole && _context.Fetcher.HasList(reading))
        || (_aim != QueryAim.Rows && _priced.Contains(reading.Key));

    private (bool IsLast, long Likely, long Least, int Readings) Rank(AccessPath path) =>
        (_context.PrefersNarrowWays && path.IsWhole, path.Price.Likely, path.Price.Least, path.Readings.Count);

    private async Task ReadListAsync(Resource list, CancellationToken cancel)
    {
        Require(list.Name, Price.Exactly(1));
        var requests = await _context.ListAsync(list, cancel);
        _context.NoteLength(list, _context.Lists.Rows(list, WhereFilter.None)!.Count);
        if (!_priced.Add(new Reading(_context.Tables.OfResource(list), list).Key))
        {
            // As a table of the query it is among the steps already.
            return;
        }

        _price += Price.Exactly(requests);
        _steps.Add(new QueryStep(list.Name, "the list that leads to other tables")
        {
            LeastRequests = requests,
            LikelyRequests = requests,
            Requests = requests,
            Rows = _context.Lists.Rows(list, WhereFilter.None)!.Count,
        });
    }

    private async Task TakeAsync(PlanScan scan, AccessPath path, CancellationToken cancel)
    {
        var step = new QueryStep(scan.Table, path.How)
        {
            Pushed = path.Pushed,
            Checked = [.. ConditionsOf(scan).Distinct(StringComparer.Ordinal)],
            LeastRequests = path.Price.Least,
            LikelyRequests = path.Price.Likely,
        };
        if (_aim != QueryAim.Rows && !IsProbe(scan, path))
        {
            _price += path.Price;
            foreach (var reading in path.Readings)
            {
                _priced.Add(reading.Key);
                _context.Pricing.Take(reading);
            }

            _keys.Guess(scan);
            _steps.Add(step);
            return;
        }

        Require(scan.Table, path.Price);
        long requests = 0, rows = 0;
        TimeSpan? age = null;
        foreach (var reading in path.Readings.Where(reading => !_context.Fetched.Has(reading)))
        {
            var fragment = await _context.FetchAsync(reading, cancel);
            (requests, rows) = (requests + fragment.Requests, rows + fragment.Rows);
            age = fragment.Age is { } its && (age is null || its > age) ? its : age;
        }

        _price += Price.Exactly(requests);
        _keys.Done(scan);
        _steps.Add(step with { Requests = requests, Rows = rows, Age = age });
    }

    private static IEnumerable<string> ConditionsOf(PlanScan scan) =>
        scan.Conditions.Where(one => one is not TrueExpression).Select(one => ConditionSql.Of(one) ?? "a condition");

    // A short list whose values decide what others cost.
    private bool IsProbe(PlanScan scan, AccessPath path) =>
        _aim == QueryAim.Price
        && path.Price.Likely <= 1
        && path.Readings is [{ Resource: { Reading: ReadingKind.List, Paged: false } }]
        && _plan.Edges.Any(edge => _todo.Contains(edge.To.Scan!) && edge.From.Any(origin => ReferenceEquals(origin.Scan, scan)));

    private void Require(string table, Price price)
    {
        if (_aim == QueryAim.Rows && _context.Spent + price.Least > _context.MostRequests)
        {
            throw TooManyRequests.Before(
                table, new Price(_context.Spent, _context.Spent) + price, _context.Spent, _context.MostRequests, _context.Advice(table));
        }
    }
}
