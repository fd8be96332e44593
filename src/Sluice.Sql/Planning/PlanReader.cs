using System.Text.Json;
using Columns = System.Collections.Generic.IReadOnlyList<System.Collections.Generic.IReadOnlyList<Sluice.Sql.Planning.PlanOrigin>?>;

namespace Sluice.Sql.Planning;

/// <summary>
/// Reads DuckDB's optimised plan: which tables are scanned, which conditions sit directly on them, and which columns must be equal. What it does not
/// know is not used, so that a query can only become slower by it.
/// </summary>
internal sealed class PlanReader
{
    // What an operator of which nothing is known gives: enough columns for whoever refers to them.
    private static readonly Columns Nothing = new IReadOnlyList<PlanOrigin>?[128];

    private readonly List<PlanScan> _scans = [];
    private readonly JoinEdges _joins = new();
    private readonly Dictionary<long, Columns> _ctes = [];
    private readonly Stack<Columns> _delims = new();

    /// <summary>Reads the plans of one statement.</summary>
    public static QueryPlan Read(JsonElement plans)
    {
        var reader = new PlanReader();
        var output = Nothing;
        foreach (var plan in plans.EnumerateArray())
        {
            output = reader.Visit(plan);
        }

        return new QueryPlan(reader._scans, reader._joins.Edges)
        {
            Output = output,
            IsOfSingleRows = plans.GetArrayLength() == 1 && IsOfSingleRows(plans[0]),
        };
    }

    private static bool IsOfSingleRows(JsonElement node) => TypeOf(node) switch
    {
        "LOGICAL_GET" => IsScan(node) && node.GetProperty("children").GetArrayLength() == 0,
        "LOGICAL_FILTER" or "LOGICAL_PROJECTION" or "LOGICAL_ORDER_BY" or "LOGICAL_LIMIT" or "LOGICAL_TOP_N" => IsOfSingleRows(Child(node, 0)),
        _ => false,
    };

    /// <summary>How many tables are scanned, wherever they stand: a reader that has found fewer has missed one.</summary>
    public static int CountScans(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => (IsScan(element) ? 1 : 0) + element.EnumerateObject().Sum(member => CountScans(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().Sum(CountScans),
        _ => 0,
    };

    private static bool IsScan(JsonElement node) =>
        TypeOf(node) == "LOGICAL_GET"
        && node.TryGetProperty("function_data", out var data)
        && data.ValueKind == JsonValueKind.Object
        && ExpressionReader.Text(data, "table").Length > 0;

    private static string TypeOf(JsonElement node) => ExpressionReader.Text(node, "type");

    private Columns Visit(JsonElement node) => TypeOf(node) switch
    {
        "LOGICAL_GET" => Get(node),
        "LOGICAL_FILTER" => Filter(node),
        "LOGICAL_PROJECTION" => Projection(node),
        "LOGICAL_AGGREGATE_AND_GROUP_BY" => Aggregate(node),
        "LOGICAL_COMPARISON_JOIN" or "LOGICAL_ASOF_JOIN" => Join(node, Visit(Child(node, 0)), Visit(Child(node, 1))),
        "LOGICAL_DELIM_JOIN" => DelimJoin(node),
        "LOGICAL_DELIM_GET" => _delims.TryPeek(out var columns) ? PlanColumns.Fixed(columns) : Nothing,
        "LOGICAL_MATERIALIZED_CTE" => MaterializedCte(node),
        "LOGICAL_CTE_REF" => _ctes.TryGetValue(Number(node, "cte_index"), out var columns) ? [.. PlanColumns.Fixed(columns), .. Nothing] : Nothing,
        "LOGICAL_UNION" => Children(node).Select(Visit).ToList() is { Count: > 0 } parts
            ? parts.Aggregate(PlanColumns.Union)
            : Nothing,
        "LOGICAL_EXCEPT" or "LOGICAL_INTERSECT" => SetOperation(node),
        "LOGICAL_WINDOW" => Window(node),
        "LOGICAL_UNNEST" => Unnest(node),
        "LOGICAL_ORDER_BY" => PlanColumns.Pick(Visit(Child(node, 0)), node, "projection_map", "projections"),
        "LOGICAL_LIMIT" or "LOGICAL_TOP_N" or "LOGICAL_DISTINCT" or "LOGICAL_SAMPLE" => Cut(node),
        "LOGICAL_CROSS_PRODUCT" or "LOGICAL_ANY_JOIN" or "LOGICAL_POSITIONAL_JOIN" => Cross(node),
        "LOGICAL_EXPRESSION_GET" => Values(node),
        _ => Other(node),
    };

    private Columns Get(JsonElement node)
    {
        foreach (var child in Children(node))
        {
            Visit(child);
        }

        if (!IsScan(node))
        {
            return Nothing;
        }

        var data = node.GetProperty("function_data");
        var place = new TablePlace(
            ExpressionReader.Text(data, "catalog"), ExpressionReader.Text(data, "schema"), ExpressionReader.Text(data, "table"));
        var scan = new PlanScan(place, _scans.Count);
        _scans.Add(scan);
        var names = node.GetProperty("names").EnumerateArray().Select(name => name.GetString()!).ToList();
        Columns columns = [.. node.GetProperty("column_indexes").EnumerateArray().Select(column => Use(scan, names, column))];
        foreach (var filter in node.GetProperty("table_filters").GetProperty("filters").EnumerateArray())
        {
            var name = names[filter.GetProperty("key").GetInt32()];
            scan.Used.Add(name);
            scan.Conditions.Add(ExpressionReader.Filter(filter.GetProperty("value"), [new PlanOrigin(scan, name)]));
        }

        if (node.TryGetProperty("extra_info", out var extra) && extra.TryGetProperty("sample_options", out var sample)
            && sample.ValueKind == JsonValueKind.Object)
        {
            scan.Conditions.Add(PlanExpression.Unknown);
        }

        return PlanColumns.Pick(columns, node, "projection_ids");
    }

    // An index beyond the columns is the row's number: no column is used.
    private static IReadOnlyList<PlanOrigin>? Use(PlanScan scan, List<string> names, JsonElement column)
    {
        var index = column.GetProperty("index").GetUInt64();
        if (index >= (ulong)names.Count)
        {
            scan.UsesRowNumber = true;
            return null;
        }

        scan.Used.Add(names[(int)index]);
        return [new PlanOrigin(scan, names[(int)index])];
    }

    private Columns Filter(JsonElement node)
    {
        var columns = Visit(Child(node, 0));
        if (ScanBelow(Child(node, 0), columns) is { } scan)
        {
            scan.Conditions.AddRange(node.GetProperty("expressions").EnumerateArray().Select(one => ExpressionReader.Read(one, columns)));
        }

        return PlanColumns.Pick(columns, node, "projection_map");
    }

    // Only filters and projections lie between: every row that comes up is one of the scan's.
    private static PlanScan? ScanBelow(JsonElement node, Columns columns)
    {
        while (TypeOf(node) is "LOGICAL_FILTER" or "LOGICAL_PROJECTION")
        {
            node = Child(node, 0);
        }

        return TypeOf(node) == "LOGICAL_GET" ? columns.OfType<IReadOnlyList<PlanOrigin>>().FirstOrDefault()?[0].Scan : null;
    }

    private Columns Projection(JsonElement node)
    {
        var columns = Visit(Child(node, 0));
        var expressions = node.GetProperty("expressions").EnumerateArray().Select(ExpressionReader.Checked);
        return [.. expressions.Select(expression => ExpressionReader.Reference(expression, columns))];
    }

    // With several grouping sets a group's column can be NULL where the row's is not.
    private Columns Aggregate(JsonElement node)
    {
        var below = Visit(Child(node, 0));
        var columns = node.TryGetProperty("grouping_sets", out var sets) && sets.GetArrayLength() > 1 ? Nothing : below;
        var groups = node.GetProperty("groups").EnumerateArray().Select(group => ExpressionReader.Reference(group, columns)).ToList();
        var isDirect = groups.Count == 0 && ScanBelow(Child(node, 0), below) is not null;
        var values = node.GetProperty("expressions").EnumerateArray().Select(one => PlanColumns.ChosenBy(one, below, isDirect));
        return [.. groups, .. values, .. Nothing];
    }

    private Columns Join(JsonElement node, Columns left, Columns right)
    {
        var type = ExpressionReader.Text(node, "join_type");
        foreach (var condition in node.GetProperty("conditions").EnumerateArray())
        {
            _joins.Add(type, condition, left, right);
        }

        return PlanColumns.Joined(type, PlanColumns.Pick(left, node, "left_projection_map"), PlanColumns.Pick(right, node, "right_projection_map"));
    }

    private Columns DelimJoin(JsonElement node)
    {
        var isFlipped = node.TryGetProperty("delim_flipped", out var flag) && flag.ValueKind == JsonValueKind.True;
        var outer = Visit(Child(node, isFlipped ? 1 : 0));
        _delims.Push([
            .. node.GetProperty("duplicate_eliminated_columns").EnumerateArray().Select(column => ExpressionReader.Reference(column, outer))]);
        var inner = Visit(Child(node, isFlipped ? 0 : 1));
        _delims.Pop();
        return isFlipped ? Join(node, inner, outer) : Join(node, outer, inner);
    }

    private Columns MaterializedCte(JsonElement node)
    {
        _ctes[Number(node, "table_index")] = Visit(Child(node, 0));
        return Visit(Child(node, 1));
    }

    private Columns SetOperation(JsonElement node)
    {
        var (left, right) = (Visit(Child(node, 0)), Visit(Child(node, 1)));
        _joins.AddSets(TypeOf(node) == "LOGICAL_INTERSECT", left, right);
        return left;
    }

    // Fewer rows change what a window sees, unless all rows of a partition go together.
    private Columns Window(JsonElement node)
    {
        var columns = Visit(Child(node, 0));
        var partitions = node.GetProperty("expressions").EnumerateArray().Select(PlanColumns.PartitionsOf).ToList();
        return
        [
            .. columns.Select((column, place) =>
                column is not null && !partitions.TrueForAll(keys => keys.Contains(place)) ? PlanColumns.Fixed(column) : column),
            .. Nothing,
        ];
    }

    // A list of constants that is unnested gives its values.
    private Columns Unnest(JsonElement node)
    {
        var columns = Visit(Child(node, 0));
        var values = node.GetProperty("expressions").EnumerateArray().Select(one =>
            one.TryGetProperty("child", out var list) && ExpressionReader.Text(list, "expression_class") == "BOUND_CONSTANT"
                && PlanValue.ReadList(list.GetProperty("value")) is { } read
                ? (IReadOnlyList<PlanOrigin>)[new PlanOrigin(null, "") { Constants = read }]
                : null);
        return TypeOf(Child(node, 0)) == "LOGICAL_DUMMY_SCAN" ? [null, .. values] : [.. columns, .. values];
    }

    private Columns Values(JsonElement node)
    {
        foreach (var child in Children(node))
        {
            Visit(child);
        }

        if (!node.TryGetProperty("expressions", out var rows) || rows.ValueKind != JsonValueKind.Array || rows.GetArrayLength() == 0
            || rows[0].ValueKind != JsonValueKind.Array)
        {
            return Nothing;
        }

        return [.. Enumerable.Range(0, rows[0].GetArrayLength()).Select(column => PlanColumns.ConstantsOf(rows, column))];
    }

    // Which rows come out depends on which come in.
    private Columns Cut(JsonElement node)
    {
        var columns = Visit(Child(node, 0));
        if (ScanBelow(Child(node, 0), columns) is { } scan)
        {
            PlanLimit.Note(node, scan, columns);
        }

        var keepsAll = TypeOf(node) == "LOGICAL_DISTINCT" && ExpressionReader.Text(node, "distinct_type") != "DISTINCT_ON";
        return keepsAll ? columns : PlanColumns.Fixed(columns);
    }

    private Columns Cross(JsonElement node)
    {
        var (left, right) = (Visit(Child(node, 0)), Visit(Child(node, 1)));
        return TypeOf(node) == "LOGICAL_POSITIONAL_JOIN"
            ? [.. PlanColumns.Fixed(left), .. PlanColumns.Fixed(right)]
            : PlanColumns.Joined(ExpressionReader.Text(node, "join_type"), left, right) is var columns && TypeOf(node) == "LOGICAL_ANY_JOIN"
            ? [.. columns, null]
            : [.. left, .. right];
    }

    private Columns Other(JsonElement node)
    {
        foreach (var child in Children(node))
        {
            Visit(child);
        }

        return Nothing;
    }

    private static long Number(JsonElement node, string name) => node.TryGetProperty(name, out var value) ? value.GetInt64() : -1;

    private static JsonElement.ArrayEnumerator Children(JsonElement node) => node.GetProperty("children").EnumerateArray();

    private static JsonElement Child(JsonElement node, int place) => node.GetProperty("children")[place];
}
