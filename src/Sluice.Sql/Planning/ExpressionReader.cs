using System.Text.Json;

namespace Sluice.Sql.Planning;

/// <summary>Reads expressions and filters of DuckDB's plan.</summary>
internal static class ExpressionReader
{
    /// <summary>Reads an expression over columns whose origins are known; null among them for those of which nothing is.</summary>
    public static PlanExpression Read(JsonElement expression, IReadOnlyList<IReadOnlyList<PlanOrigin>?> columns)
    {
        if (expression.ValueKind != JsonValueKind.Object)
        {
            return PlanExpression.Unknown;
        }

        PlanExpression Part(string name) => Read(expression.GetProperty(name), columns);
        return Text(expression, "expression_class") switch
        {
            "BOUND_REF" => Reference(expression, columns) is { } origins ? new ColumnExpression(origins) : PlanExpression.Unknown,
            "BOUND_CONSTANT" => Constant(expression.GetProperty("value")),
            "BOUND_COMPARISON" => new ComparisonExpression(Text(expression, "type"), Part("left"), Part("right")),
            "BOUND_CONJUNCTION" => new CombinedExpression(Text(expression, "type") == "CONJUNCTION_OR", Children(expression, columns)),
            "BOUND_OPERATOR" => new OperatorExpression(Text(expression, "type"), Children(expression, columns)),
            "BOUND_FUNCTION" => new CallExpression(Text(expression, "name"), Children(expression, columns)),
            "BOUND_BETWEEN" => Between(expression, Part("input"), Part("lower"), Part("upper")),
            "BOUND_CAST" when !Flag(expression, "try_cast") => new CastExpression(
                Part("child"), TypeOf(expression.GetProperty("return_type")), TypeOfRead(expression.GetProperty("child"))),
            _ => PlanExpression.Unknown,
        };
    }

    /// <summary>The origins of a column that an expression refers to, or null.</summary>
    public static IReadOnlyList<PlanOrigin>? Reference(JsonElement expression, IReadOnlyList<IReadOnlyList<PlanOrigin>?> columns) =>
        Text(expression, "expression_class") == "BOUND_REF" && PlaceOf(expression) is var place && place < columns.Count ? columns[place] : null;

    /// <summary>What a scalar subquery gives, without the check that it is a single row.</summary>
    public static JsonElement Checked(JsonElement expression) =>
        Text(expression, "expression_class") == "BOUND_CASE"
        && expression.TryGetProperty("case_checks", out var checks) && checks.GetArrayLength() == 1
        && checks[0].TryGetProperty("then_expr", out var otherwise) && Text(otherwise, "name") == "error"
            ? expression.GetProperty("else_expr")
            : expression;

    /// <summary>
    /// The origins of a key of a join: a column, or one that is only made a wider integer, which every value survives.
    /// </summary>
    public static IReadOnlyList<PlanOrigin>? Key(JsonElement expression, IReadOnlyList<IReadOnlyList<PlanOrigin>?> columns)
    {
        if (Text(expression, "expression_class") != "BOUND_CAST" || Flag(expression, "try_cast"))
        {
            return Reference(expression, columns);
        }

        var isWider = TypeOf(expression.GetProperty("return_type")) is "BIGINT" or "HUGEINT"
            && PlanValue.IsIntegerType(TypeOfRead(expression.GetProperty("child")));
        return isWider ? Reference(expression.GetProperty("child"), columns) : null;
    }

    /// <summary>Two sides that are compared, without a cast of whole numbers to text on both: equal texts are equal numbers.</summary>
    public static (JsonElement Left, JsonElement Right) WithoutSameCast(JsonElement left, JsonElement right) =>
        IsNumberAsText(left) && IsNumberAsText(right) ? (left.GetProperty("child"), right.GetProperty("child")) : (left, right);

    private static bool IsNumberAsText(JsonElement expression) =>
        Text(expression, "expression_class") == "BOUND_CAST"
        && !Flag(expression, "try_cast")
        && TypeOf(expression.GetProperty("return_type")) == "VARCHAR"
        && TypeOfRead(expression.GetProperty("child")) == "BIGINT";

    /// <summary>Reads a filter that sits on a scan.</summary>
    public static PlanExpression Filter(JsonElement filter, IReadOnlyList<PlanOrigin>? column)
    {
        PlanExpression Self() => column is null ? PlanExpression.Unknown : new ColumnExpression(column);
        List<PlanExpression> Parts() => [.. filter.GetProperty("child_filters").EnumerateArray().Select(part => Filter(part, column))];
        return Text(filter, "filter_type") switch
        {
            "EXPRESSION_FILTER" => Read(filter.GetProperty("expr"), [column]),
            "OPTIONAL_FILTER" => filter.TryGetProperty("child_filter", out var child) && child.ValueKind == JsonValueKind.Object
                ? Filter(child, column) is UnknownExpression ? PlanExpression.True : Filter(child, column)
                : PlanExpression.True,
            "DYNAMIC_FILTER" => PlanExpression.True,
            "CONJUNCTION_AND" => new CombinedExpression(IsOr: false, Parts()),
            "CONJUNCTION_OR" => new CombinedExpression(IsOr: true, Parts()),
            "CONSTANT_COMPARISON" => new ComparisonExpression(
                Text(filter, "comparison_type"), Self(), Constant(filter.GetProperty("constant"))),
            "IN_FILTER" => new OperatorExpression(
                "COMPARE_IN", [Self(), .. filter.GetProperty("values").EnumerateArray().Select(Constant)]),
            "IS_NOT_NULL" => new OperatorExpression("OPERATOR_IS_NOT_NULL", [Self()]),
            "IS_NULL" => new OperatorExpression("OPERATOR_IS_NULL", [Self()]),
            _ => PlanExpression.Unknown,
        };
    }

    /// <summary>The text of a member; empty when there is none.</summary>
    public static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    /// <summary>The place that a reference names.</summary>
    public static int PlaceOf(JsonElement reference) =>
        reference.TryGetProperty("index", out var index) && index.TryGetInt32(out var place) ? place : 0;

    private static PlanExpression Constant(JsonElement value) =>
        PlanValue.Read(value) is { } read ? new ConstantExpression(read) : PlanExpression.Unknown;

    private static List<PlanExpression> Children(JsonElement expression, IReadOnlyList<IReadOnlyList<PlanOrigin>?> columns) =>
        expression.TryGetProperty("children", out var children) ? [.. children.EnumerateArray().Select(child => Read(child, columns))] : [];

    private static CombinedExpression Between(JsonElement expression, PlanExpression input, PlanExpression lower, PlanExpression upper) => new(
        IsOr: false,
        [
            new ComparisonExpression(Flag(expression, "lower_inclusive") ? "COMPARE_GREATERTHANOREQUALTO" : "COMPARE_GREATERTHAN", input, lower),
            new ComparisonExpression(Flag(expression, "upper_inclusive") ? "COMPARE_LESSTHANOREQUALTO" : "COMPARE_LESSTHAN", input, upper),
        ]);

    private static bool Flag(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    private static string TypeOf(JsonElement type) => Text(type, "id");

    private static string TypeOfRead(JsonElement expression) => expression.TryGetProperty("return_type", out var type) ? TypeOf(type) : "";
}
