using System.Text.Json;
using Columns = System.Collections.Generic.IReadOnlyList<System.Collections.Generic.IReadOnlyList<Sluice.Sql.Planning.PlanOrigin>?>;

namespace Sluice.Sql.Planning;

/// <summary>What becomes of the origins of columns on their way up a plan.</summary>
internal static class PlanColumns
{
    public static Columns Joined(string type, Columns left, Columns right)
    {
        if (type is "LEFT" or "FULL" or "OUTER" or "SINGLE")
        {
            right = Padded(right);
        }

        if (type is "RIGHT" or "FULL" or "OUTER")
        {
            left = Padded(left);
        }

        return type switch
        {
            "SEMI" or "ANTI" => left,
            "RIGHT_SEMI" or "RIGHT_ANTI" => right,
            "MARK" => [.. left, null],
            _ => [.. left, .. right],
        };
    }

    public static Columns Union(Columns left, Columns right) =>
        [.. left.Select((column, place) => column is not null && right.ElementAtOrDefault(place) is { } other
            ? (IReadOnlyList<PlanOrigin>)[.. column, .. other]
            : null)];

    public static Columns Fixed(Columns columns) => [.. columns.Select(column => column is null ? null : Fixed(column))];

    public static IReadOnlyList<PlanOrigin> Fixed(IReadOnlyList<PlanOrigin> column) => [.. column.Select(origin => origin with { IsFixed = true })];

    public static Columns Padded(Columns columns) =>
        [.. columns.Select(column => column is null ? null : Padded(column))];

    private static IReadOnlyList<PlanOrigin> Padded(IReadOnlyList<PlanOrigin> column) =>
        [.. column.Select(origin => origin with { IsPadded = true })];

    /// <summary>The origins of an aggregate that gives one of the values, or NULL; null for others.</summary>
    public static IReadOnlyList<PlanOrigin>? ChosenBy(JsonElement aggregate, Columns below, bool isDirect)
    {
        if (!aggregate.TryGetProperty("children", out var children) || children.GetArrayLength() != 1
            || ExpressionReader.Text(aggregate, "name") is not ("max" or "min" or "first" or "last" or "any_value" or "arbitrary")
            || ExpressionReader.Reference(children[0], below) is not { } origins)
        {
            return null;
        }

        var isFiltered = aggregate.TryGetProperty("filter", out var filter) && filter.ValueKind == JsonValueKind.Object;
        var choice = isDirect && !isFiltered ? ExpressionReader.Text(aggregate, "name") : null;
        return [.. origins.Select(origin => origin with { IsFixed = true, IsPadded = true, Choice = origin.Choice ?? choice })];
    }

    public static Columns Pick(Columns columns, JsonElement node, params string[] names)
    {
        foreach (var name in names)
        {
            if (node.TryGetProperty(name, out var map) && map.ValueKind == JsonValueKind.Array && map.GetArrayLength() > 0)
            {
                return [.. map.EnumerateArray().Select(place => columns.ElementAtOrDefault(place.GetInt32()))];
            }
        }

        return columns;
    }

    public static IReadOnlyList<PlanOrigin>? ConstantsOf(JsonElement rows, int column)
    {
        var values = rows.EnumerateArray()
            .Select(row => ExpressionReader.Read(row[column], []) is ConstantExpression constant ? constant.Value : null)
            .ToList();
        return values.TrueForAll(value => value is not null)
            ? [new PlanOrigin(null, "") { Constants = [.. values.Select(value => value!)] }]
            : null;
    }

    public static HashSet<int> PartitionsOf(JsonElement window) =>
        window.TryGetProperty("partitions", out var keys)
            ? [.. keys.EnumerateArray().Where(key => ExpressionReader.Text(key, "expression_class") == "BOUND_REF").Select(ExpressionReader.PlaceOf)]
            : [];
}
