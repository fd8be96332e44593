using System.Globalization;
using Sluice.Engine.DuckDb;

namespace Sluice.Sql.Planning;

/// <summary>What conditions say of a column: the only values that it can have, the range it lies in.</summary>
internal static class Conditions
{
    /// <summary>
    /// The values outside of which the condition can't hold, as the API writes them; null when nothing of the kind is known. A value that the
    /// column's type does not have is left out.
    /// </summary>
    public static HashSet<string>? ValuesOf(PlanExpression condition, PlanScan scan, string column) => condition switch
    {
        ComparisonExpression { Operator: "COMPARE_EQUAL" } equal =>
            Equal(equal.Left, equal.Right, scan, column) ?? Equal(equal.Right, equal.Left, scan, column),
        OperatorExpression { Operator: "COMPARE_IN", Arguments: { Count: > 1 } tested } => In(tested[0], [.. tested.Skip(1)], scan, column),
        CombinedExpression { IsOr: true } any => Union(any.Parts.Select(part => ValuesOf(part, scan, column))),
        CombinedExpression all => Intersection(all.Parts.Select(part => ValuesOf(part, scan, column))),
        _ => null,
    };

    /// <summary>The same for several conditions that must all hold.</summary>
    public static HashSet<string>? ValuesOf(PlanScan scan, string column) =>
        Intersection(scan.Conditions.Select(condition => ValuesOf(condition, scan, column)));

    /// <summary>The whole numbers between which a column must lie, ends included; null for no bound.</summary>
    public static (long? From, long? To) WholeRangeOf(PlanScan scan, string column)
    {
        (long? From, long? To) range = (null, null);
        foreach (var condition in scan.Conditions)
        {
            Narrow(condition, scan, column, Whole, beyond: 1, ref range);
        }

        return range;

        static long? Whole(PlanValue value) =>
            value.IsInteger && long.TryParse(value.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    /// <summary>The instants between which a time column must lie, ends included, in microseconds; null for no bound.</summary>
    public static (long? From, long? To) RangeOf(PlanScan scan, string column)
    {
        (long? From, long? To) range = (null, null);
        foreach (var condition in scan.Conditions)
        {
            Narrow(condition, scan, column, value => value.Microseconds, beyond: 0, ref range);
        }

        return range;
    }

    /// <summary>The values as the API writes them, when they fit a column's type: numbers without a fraction, and text.</summary>
    public static string? Canonical(PlanValue value) => value switch
    {
        { Text: null } => null,
        { IsInteger: true } or { IsText: true } => value.Text,
        { Type: "DECIMAL" or "DOUBLE" } => Whole(value.Text),
        _ => null,
    };

    private static string? Whole(string text) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && decimal.Truncate(number) == number
            ? ((long)number).ToString(CultureInfo.InvariantCulture)
            : null;

    private static HashSet<string>? Equal(PlanExpression tested, PlanExpression constant, PlanScan scan, string column) =>
        constant is ConstantExpression value ? In(tested, [value], scan, column) : null;

    private static HashSet<string>? In(PlanExpression tested, IReadOnlyList<PlanExpression> options, PlanScan scan, string column)
    {
        if (tested is OperatorExpression { Operator: "OPERATOR_COALESCE", Arguments: { Count: > 1 } parts } && AreOther(parts.Skip(1), options))
        {
            return In(parts[0], options, scan, column);
        }

        if (!Tests(tested, scan, column) || !options.All(option => option is ConstantExpression { Value: { } value } && IsComparable(value)))
        {
            return null;
        }

        return [.. options.Select(option => Canonical(((ConstantExpression)option).Value)).OfType<string>()];
    }

    // What stands in for NULL is none of the values, so that NULL does not meet the condition.
    private static bool AreOther(IEnumerable<PlanExpression> substitutes, IReadOnlyList<PlanExpression> options) =>
        substitutes.All(one => one is ConstantExpression { Value: { } value } && IsComparable(value) && Canonical(value) is { } text
            && options.All(option => option is ConstantExpression { Value: { } wanted } && IsComparable(wanted) && Canonical(wanted) != text));

    private static bool IsComparable(PlanValue value) =>
        value.Text is null || value.IsInteger || value.IsText || (value.Type is "DECIMAL" or "DOUBLE" && IsExact(value.Text));

    // From here on several whole numbers are one double.
    private static bool IsExact(string text) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && Math.Abs(number) < 1L << 53;

    // A whole number keeps its value as a decimal or as a double, as far as that is exact, and as text it is written in one way only.
    private static bool Tests(PlanExpression tested, PlanScan scan, string column) => tested switch
    {
        ColumnExpression plain => plain.IsOf(scan, column),
        CastExpression { Of: ColumnExpression inner, To: "DECIMAL" or "HUGEINT" or "VARCHAR" or "DOUBLE", From: "BIGINT" } =>
            inner.IsOf(scan, column),
        _ => false,
    };

    private static void Narrow(
        PlanExpression condition, PlanScan scan, string column, Func<PlanValue, long?> read, long beyond, ref (long? From, long? To) range)
    {
        if (condition is CombinedExpression { IsOr: false } all)
        {
            foreach (var part in all.Parts)
            {
                Narrow(part, scan, column, read, beyond, ref range);
            }
        }

        if (condition is not ComparisonExpression { Left: ColumnExpression tested, Right: ConstantExpression constant } compared
            || read(constant.Value) is not { } bound
            || !tested.IsOf(scan, column))
        {
            return;
        }

        if (compared.Operator is "COMPARE_GREATERTHAN" or "COMPARE_GREATERTHANOREQUALTO" or "COMPARE_EQUAL")
        {
            var from = compared.Operator == "COMPARE_GREATERTHAN" && bound < long.MaxValue ? bound + beyond : bound;
            range.From = Math.Max(range.From ?? long.MinValue, from);
        }

        if (compared.Operator is "COMPARE_LESSTHAN" or "COMPARE_LESSTHANOREQUALTO" or "COMPARE_EQUAL")
        {
            var to = compared.Operator == "COMPARE_LESSTHAN" && bound > long.MinValue ? bound - beyond : bound;
            range.To = Math.Min(range.To ?? long.MaxValue, to);
        }
    }

    private static HashSet<string>? Union(IEnumerable<HashSet<string>?> sets)
    {
        HashSet<string> all = new(StringComparer.Ordinal);
        foreach (var set in sets)
        {
            if (set is null)
            {
                return null;
            }

            all.UnionWith(set);
        }

        return all;
    }

    private static HashSet<string>? Intersection(IEnumerable<HashSet<string>?> sets)
    {
        HashSet<string>? all = null;
        foreach (var set in sets.OfType<HashSet<string>>())
        {
            if (all is null)
            {
                all = new HashSet<string>(set, StringComparer.Ordinal);
            }
            else
            {
                all.IntersectWith(set);
            }
        }

        return all;
    }
}

/// <summary>Writes conditions as SQL over a fetched table, so that its keys can be taken of the rows that matter only.</summary>
internal static class ConditionSql
{
    /// <summary>Functions that give the same for the same, of which it is known that they can be written as a call.</summary>
    private static readonly HashSet<string> Safe = new(StringComparer.Ordinal)
    {
        "lower", "upper", "length", "contains", "prefix", "suffix", "starts_with", "ends_with", "abs", "trim", "ltrim", "rtrim", "strlen",
    };

    /// <summary>
    /// The condition, or null when it can't be written: it is left out then, and so is a part of it that is joined by AND, which gives more keys than
    /// are needed.
    /// </summary>
    public static string? Of(PlanExpression condition) => condition switch
    {
        CombinedExpression { IsOr: true } any when All(any.Parts, Of) is { } parts => $"({string.Join(" OR ", parts)})",
        CombinedExpression { IsOr: true } => null,
        CombinedExpression all => all.Parts.Select(Of).OfType<string>().ToList() is { Count: > 0 } some ? $"({string.Join(" AND ", some)})" : null,
        _ => Exact(condition),
    };

    /// <summary>Whether all of the condition can be written.</summary>
    public static bool IsExact(PlanExpression condition) => condition is TrueExpression || Exact(condition) is not null;

    // Below NOT or in a comparison nothing may be left out.
    private static string? Exact(PlanExpression expression) => expression switch
    {
        ColumnExpression { Origins: [{ Scan: not null } only] } => DuckDBIdentifier.Quote(only.Column),
        ConstantExpression constant => Literal(constant.Value),
        ComparisonExpression compared when Sign(compared.Operator) is { } sign && Exact(compared.Left) is { } left
            && Exact(compared.Right) is { } right => $"({left} {sign} {right})",
        CombinedExpression combined when All(combined.Parts, Exact) is { } parts => $"({string.Join(combined.IsOr ? " OR " : " AND ", parts)})",
        OperatorExpression known when All(known.Arguments, Exact) is { } arguments => Operation(known.Operator, arguments),
        CallExpression call when Safe.Contains(call.Function) && All(call.Arguments, Exact) is { } arguments =>
            $"{call.Function}({string.Join(", ", arguments)})",
        CallExpression { Function: "~~" } like when All(like.Arguments, Exact) is [var text, var pattern] => $"({text} LIKE {pattern})",
        _ => null,
    };

    /// <summary>A constant as SQL, or null for kinds that are not written.</summary>
    public static string? Literal(PlanValue value) => value switch
    {
        { Text: null } => "NULL",
        { IsInteger: true } or { Type: "BOOLEAN" } => value.Text,
        { Type: "DECIMAL" } => value.Text,
        { IsText: true } => DuckDBLiteral.Quote(value.Text),
        { Microseconds: { } time } => string.Create(CultureInfo.InvariantCulture, $"make_timestamptz({time})"),
        _ => null,
    };

    private static List<string>? All(IEnumerable<PlanExpression> parts, Func<PlanExpression, string?> write)
    {
        var all = parts.Select(write).ToList();
        return all.TrueForAll(part => part is not null) ? [.. all.Select(part => part!)] : null;
    }

    private static string? Operation(string name, List<string> arguments) => name switch
    {
        "COMPARE_IN" => $"({arguments[0]} IN ({string.Join(", ", arguments.Skip(1))}))",
        "OPERATOR_IS_NOT_NULL" => $"({arguments[0]} IS NOT NULL)",
        "OPERATOR_IS_NULL" => $"({arguments[0]} IS NULL)",
        "OPERATOR_NOT" => $"(NOT {arguments[0]})",
        _ => null,
    };

    private static string? Sign(string comparison) => comparison switch
    {
        "COMPARE_EQUAL" => "=",
        "COMPARE_NOTEQUAL" => "<>",
        "COMPARE_LESSTHAN" => "<",
        "COMPARE_LESSTHANOREQUALTO" => "<=",
        "COMPARE_GREATERTHAN" => ">",
        "COMPARE_GREATERTHANOREQUALTO" => ">=",
        _ => null,
    };
}

/// <summary>Writes how the values of a key are taken from the rows that were fetched.</summary>
internal static class KeySql
{
    /// <summary>
    /// SELECT of the values. The largest of a column is one value instead of all, if every condition under which it is the largest can be written.
    /// </summary>
    public static string SelectOf(PlanOrigin origin)
    {
        var column = DuckDBIdentifier.Quote(origin.Column);
        var isOne = origin.Choice is "max" or "min" && origin.Scan!.Conditions.TrueForAll(ConditionSql.IsExact);
        return $"SELECT DISTINCT CAST({(isOne ? $"{origin.Choice}({column})" : column)} AS VARCHAR)";
    }
}
