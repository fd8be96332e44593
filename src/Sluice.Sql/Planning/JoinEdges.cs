using System.Text.Json;

namespace Sluice.Sql.Planning;

/// <summary>
/// Which side of a join can be asked for less by the values of the other. A side whose rows come out in any case is never asked for less, nor one
/// whose rows are wanted elsewhere, too.
/// </summary>
internal sealed class JoinEdges
{
    private static readonly string[] RightByLeft = ["INNER", "SEMI", "LEFT", "ANTI", "SINGLE", "RIGHT_SEMI"];
    private static readonly string[] LeftByRight = ["INNER", "SEMI", "RIGHT", "RIGHT_SEMI", "RIGHT_ANTI"];

    private readonly List<PlanEdge> _edges = [];

    public IReadOnlyList<PlanEdge> Edges => _edges;

    /// <summary>Adds what an equality of a join says.</summary>
    public void Add(
        string type, JsonElement condition, IReadOnlyList<IReadOnlyList<PlanOrigin>?> left, IReadOnlyList<IReadOnlyList<PlanOrigin>?> right)
    {
        var comparison = ExpressionReader.Text(condition, "comparison");
        var (leftKey, rightKey) = ExpressionReader.WithoutSameCast(condition.GetProperty("left"), condition.GetProperty("right"));
        if (comparison is not ("COMPARE_EQUAL" or "COMPARE_NOT_DISTINCT_FROM")
            || ExpressionReader.Key(leftKey, left) is not { } one
            || ExpressionReader.Key(rightKey, right) is not { } other)
        {
            return;
        }

        var nullsMatch = comparison == "COMPARE_NOT_DISTINCT_FROM";
        if (RightByLeft.Contains(type, StringComparer.Ordinal))
        {
            Add(other, one, nullsMatch);
        }

        if (LeftByRight.Contains(type, StringComparer.Ordinal))
        {
            Add(one, other, nullsMatch);
        }
    }

    /// <summary>Adds that rows of two sets are compared in all columns: what is not on the left changes neither EXCEPT nor INTERSECT.</summary>
    public void AddSets(
        bool isIntersection, IReadOnlyList<IReadOnlyList<PlanOrigin>?> left, IReadOnlyList<IReadOnlyList<PlanOrigin>?> right)
    {
        foreach (var (one, other) in left.Zip(right))
        {
            if (one is not null && other is not null)
            {
                Add(other, one, nullsMatch: true);
            }

            if (isIntersection && one is not null && other is not null)
            {
                Add(one, other, nullsMatch: true);
            }
        }
    }

    private void Add(IReadOnlyList<PlanOrigin> to, IReadOnlyList<PlanOrigin> from, bool nullsMatch)
    {
        // Where NULL equals NULL, rows that an outer join makes of nothing would be missed.
        if (to is [{ Scan: not null, IsFixed: false } only] && !(nullsMatch && from.Append(only).Any(origin => origin.IsPadded)))
        {
            _edges.Add(new PlanEdge(only, from, nullsMatch));
        }
    }
}

/// <summary>How many rows of a scan are of use, when a LIMIT stands directly above it.</summary>
internal static class PlanLimit
{
    public static void Note(JsonElement node, PlanScan scan, IReadOnlyList<IReadOnlyList<PlanOrigin>?> columns)
    {
        switch (ExpressionReader.Text(node, "type"))
        {
            case "LOGICAL_TOP_N" when node.GetProperty("orders") is var orders && orders.GetArrayLength() == 1:
                NoteNewest(node, scan, orders[0], columns);
                break;
            case "LOGICAL_LIMIT" when Constant(node, "limit_val") is { } limit && !IsSet(node, "offset_val"):
                scan.Limit = limit;
                break;
            case "LOGICAL_LIMIT" when Constant(node, "limit_val") is { } limit && Constant(node, "offset_val") is { } offset:
                scan.Limit = limit + offset;
                break;
        }
    }

    private static void NoteNewest(JsonElement node, PlanScan scan, JsonElement order, IReadOnlyList<IReadOnlyList<PlanOrigin>?> columns)
    {
        if (ExpressionReader.Text(order, "type") == "DESCENDING"
            && ExpressionReader.Text(order, "null_order").Replace('_', ' ') == "NULLS LAST"
            && ExpressionReader.Reference(order.GetProperty("expression"), columns) is [{ } origin]
            && ReferenceEquals(origin.Scan, scan))
        {
            scan.Limit = node.GetProperty("limit").GetInt64() + node.GetProperty("offset").GetInt64();
            scan.NewestBy = origin.Column;
        }
    }

    private static long? Constant(JsonElement node, string name) =>
        node.TryGetProperty(name, out var value)
        && ExpressionReader.Text(value, "type") == "CONSTANT_VALUE"
        && value.TryGetProperty("constant_integer", out var number)
        && number.TryGetInt64(out var limit)
            ? limit
            : null;

    private static bool IsSet(JsonElement node, string name) =>
        node.TryGetProperty(name, out var value) && ExpressionReader.Text(value, "type") is not ("UNSET" or "");
}
