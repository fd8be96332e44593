using System.Globalization;
using Sluice.Sql.Planning;
using Sluice.Sql.Tables;

namespace Sluice.Sql.Fetching;

/// <summary>The values that columns can have, by the conditions of the query and by what was fetched.</summary>
internal sealed class KnownKeys(QueryPlan plan, QueryContext context, Func<PlanScan, LiveTable> tableOf)
{
    private const int FewNumbers = 100;

    private readonly HashSet<PlanScan> _done = [];
    private readonly HashSet<PlanScan> _guessed = [];
    private readonly Dictionary<(PlanScan, string), IReadOnlyList<string?>> _values = [];

    public void Done(PlanScan scan) => _done.Add(scan);

    public void Guess(PlanScan scan) => _guessed.Add(scan);

    /// <summary>Whether a table that was not read may leave a scan fewer rows, or none.</summary>
    public bool MayShrink(PlanScan scan) => plan.Edges.Any(edge => ReferenceEquals(edge.To.Scan, scan)
        && edge.From.Any(origin => origin.Scan is { Source.IsLive: true } from && !ReferenceEquals(from, scan) && !_done.Contains(from)));

    /// <summary>What is known of the columns of a scan, by column.</summary>
    public async Task<Dictionary<string, KeySet>> OfAsync(PlanScan scan, CancellationToken cancel)
    {
        var known = new Dictionary<string, KeySet>(StringComparer.Ordinal);
        foreach (var column in tableOf(scan).Columns.Select(column => column.Name))
        {
            if (await OfAsync(scan, column, cancel) is { } keys)
            {
                known[column] = keys;
            }
        }

        return known;
    }

    /// <summary>The segments whose members alone are of use, once these were read; null when it is not so.</summary>
    public async Task<IReadOnlyList<string>?> SegmentsAsync(PlanScan scan, CancellationToken cancel)
    {
        var members = plan.Edges
            .Where(edge => ReferenceEquals(edge.To.Scan, scan) && edge.To.Column == "cio_id" && !edge.NullsMatch)
            .Select(edge => edge.From is [{ Scan: { Source.IsLive: true, Table: "segment_memberships" } from, Column: "cio_id" }] ? from : null)
            .FirstOrDefault(from => from is not null && _done.Contains(from));
        return members is null ? null : [.. (await ValuesAsync(new PlanOrigin(members, "segment_id"), cancel)).OfType<string>()];
    }

    private async Task<KeySet?> OfAsync(PlanScan scan, string column, CancellationToken cancel)
    {
        var keys = KeySet.Of(Conditions.ValuesOf(scan, column) ?? InRange(scan, column));
        foreach (var edge in plan.Edges.Where(edge => ReferenceEquals(edge.To.Scan, scan) && edge.To.Column == column))
        {
            if (await OfAsync(edge, cancel) is { } more)
            {
                keys = keys is null ? more : Both(keys, more);
            }
        }

        return keys;
    }

    // DuckDB takes IN (5, 6) for a range.
    private static HashSet<string>? InRange(PlanScan scan, string column) =>
        Conditions.WholeRangeOf(scan, column) is { From: { } from, To: { } to } && to - from is >= -1 and < FewNumbers
            ? [.. Enumerable.Range(0, (int)(to - from + 1)).Select(place => (from + place).ToString(CultureInfo.InvariantCulture))]
            : null;

    private static KeySet Both(KeySet one, KeySet other)
    {
        if (one.Values is null || other.Values is null)
        {
            return one.Values is null ? other : one;
        }

        string[] both = [.. one.Values.Intersect(other.Values, StringComparer.Ordinal)];
        return new KeySet(both, Price.Exactly(both.Length), one.From == other.From ? one.From : $"{one.From} and {other.From}");
    }

    private async Task<KeySet?> OfAsync(PlanEdge edge, CancellationToken cancel)
    {
        if (edge.From.Any(origin => origin.Scan is { Source.IsLive: true } scan && !_done.Contains(scan) && !_guessed.Contains(scan)))
        {
            return null;
        }

        var from = string.Join(" and ", edge.From.Select(Text).Distinct(StringComparer.Ordinal));
        if (edge.From.FirstOrDefault(origin => origin.Scan is { } scan && _guessed.Contains(scan))?.Scan is { } guessed)
        {
            var rows = edge.From.All(origin => origin.Choice is not null) ? 1 : context.GuessRows(tableOf(guessed));
            return new KeySet(null, new Price(0, rows), $"in values of {from}");
        }

        var values = new HashSet<string>(StringComparer.Ordinal);
        foreach (var origin in edge.From)
        {
            foreach (var value in await ValuesAsync(origin, cancel))
            {
                if (value is null && edge.NullsMatch)
                {
                    return null;
                }

                values.UnionWith(value is null ? [] : [value]);
            }
        }

        return new KeySet([.. values.Order(StringComparer.Ordinal)], Price.Exactly(values.Count), $"in {values.Count} values of {from}");
    }

    private static string Text(PlanOrigin origin) => origin.Scan is { } scan ? $"{scan.Table}.{origin.Column}" : "the query";

    private async Task<IReadOnlyList<string?>> ValuesAsync(PlanOrigin origin, CancellationToken cancel)
    {
        if (origin.Scan is not { } scan)
        {
            return [.. origin.Constants.Select(Conditions.Canonical)];
        }

        var key = (scan, KeySql.SelectOf(origin));
        if (_values.TryGetValue(key, out var known))
        {
            return known;
        }

        return _values[key] = scan.Source.IsLive
            ? await context.Fetched.ValuesAsync(origin, tableOf(scan), cancel)
            : await context.Database.ValuesAsync(origin, cancel);
    }
}
