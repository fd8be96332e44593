using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Sql.Planning;
using Sluice.Sql.Tables;

namespace Sluice.Sql.Fetching;

/// <summary>
/// A filter of Customer.io's people search that everybody meets who meets some conditions; others may meet it, too. The search knows equality and
/// presence only. Whether it compares as SQL does is not documented, so that nothing but presence is ever negated.
/// </summary>
/// <param name="Json">The filter.</param>
/// <param name="How">The filter in words.</param>
/// <param name="Columns">The columns that it is about.</param>
internal sealed record SearchFilter(JsonObject Json, string How, IReadOnlyList<string> Columns)
{
    /// <summary>Values in one filter: a body of some kilobytes.</summary>
    public const int MostValues = 100;

    private const int FewWords = 3;

    /// <summary>The filter as the request has it.</summary>
    public string Text => Json.ToJsonString(JsonSerializerOptions.Default);

    private IReadOnlyList<SearchFilter> Parts { get; init; } = [];

    private bool IsAll => Json.ContainsKey("and");

    private bool IsAny => Json.ContainsKey("or");

    /// <summary>Whoever has one of the values.</summary>
    public static SearchFilter Equal(string field, string column, IReadOnlyList<string> values)
    {
        var name = Name(field, column);
        var leaves = values.Select(value => Leaf(column, $"{name} = {value}", new JsonObject
        {
            ["field"] = field,
            ["operator"] = "eq",
            ["value"] = value,
        }));
        return Any([.. leaves])! with { How = $"{name} {Words.Of(values)}" };
    }

    /// <summary>Whoever has a value there.</summary>
    public static SearchFilter Present(string field, string column) =>
        Leaf(column, $"{Name(field, column)} is there", new JsonObject { ["field"] = field, ["operator"] = "exists" });

    /// <summary>Whoever has none there.</summary>
    public static SearchFilter Absent(string field, string column) =>
        new(new JsonObject { ["not"] = Present(field, column).Json }, $"{Name(field, column)} is not there", [column]);

    /// <summary>The members of segments.</summary>
    public static SearchFilter InSegments(IReadOnlyList<string> ids)
    {
        var leaves = ids.Select(id => long.Parse(id, CultureInfo.InvariantCulture)).Select(id =>
            new SearchFilter(new JsonObject { ["segment"] = new JsonObject { ["id"] = id } }, $"segment {id}", ["cio_id"]));
        return Any([.. leaves])! with { How = $"members of segment {Words.Of(ids)}" };
    }

    /// <summary>Whoever meets all parts; null for no part.</summary>
    public static SearchFilter? All(IReadOnlyList<SearchFilter> parts) =>
        Joined("and", [.. parts.SelectMany(part => part.IsAll ? part.Parts : [part])]);

    /// <summary>
    /// Whoever meets one of the parts, of which there is at least one. An OR may hold no AND here: one part of that is enough, as it lets through
    /// whoever meets all of them.
    /// </summary>
    public static SearchFilter? Any(IReadOnlyList<SearchFilter> parts) =>
        Joined("or", [.. parts.Select(part => part.IsAll ? part.Parts[0] : part).SelectMany(part => part.IsAny ? part.Parts : [part])]);

    private static SearchFilter? Joined(string word, IReadOnlyList<SearchFilter> parts) => parts.Count switch
    {
        0 => null,
        1 => parts[0],
        _ => new SearchFilter(
            new JsonObject { [word] = new JsonArray([.. parts.Select(part => part.Json.DeepClone())]) },
            parts.Count > FewWords ? $"{parts[0].How} {word} {parts.Count - 1} more" : string.Join($" {word} ", parts.Select(part => part.How)),
            [.. parts.SelectMany(part => part.Columns).Distinct(StringComparer.Ordinal)])
        {
            Parts = parts,
        },
    };

    private static SearchFilter Leaf(string column, string how, JsonObject condition) =>
        new(new JsonObject { ["attribute"] = condition }, how, [column]);

    private static string Name(string field, string column) => field == column ? column : $"{column}->>'{field}'";
}

/// <summary>Reads from conditions on people what the search can be asked for.</summary>
/// <param name="scan">The scan.</param>
/// <param name="table">Its table.</param>
internal sealed class SearchConditions(PlanScan scan, LiveTable table)
{
    private static readonly string[] Identifiers = ["cio_id", "id", "email"];

    private static readonly HashSet<string> NullForNull = new(StringComparer.Ordinal)
    {
        "lower", "upper", "length", "strlen", "contains", "prefix", "suffix", "starts_with", "ends_with", "trim", "ltrim", "rtrim", "~~", "!~~",
        "~~*", "!~~*", "regexp_matches", "regexp_full_match",
    };

    /// <summary>The filter that everybody meets who is of use; null when nothing can be asked for.</summary>
    public SearchFilter? Filter() => All(scan.Conditions);

    /// <summary>
    /// Whether a text is compared as text: a number or a flag could be stored as such, and whether the search takes it for the same as its text is
    /// not documented.
    /// </summary>
    public static bool IsPlain(string text) =>
        text.Length > 0 && text is not ("true" or "false" or "null") && text[0] is not ('{' or '[' or '"')
        && !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    private SearchFilter? All(IReadOnlyList<PlanExpression> conditions) => SearchFilter.All([.. conditions.Select(Of).OfType<SearchFilter>()]);

    private SearchFilter? Of(PlanExpression condition) => condition switch
    {
        CombinedExpression { IsOr: true } any => Any(any.Parts),
        CombinedExpression all => All(all.Parts),
        ComparisonExpression { Operator: "COMPARE_EQUAL" } equal =>
            Equal(equal.Left, [equal.Right]) ?? Equal(equal.Right, [equal.Left]) ?? Needed(equal),
        OperatorExpression { Operator: "COMPARE_IN", Arguments: { Count: > 1 } tested } => Equal(tested[0], [.. tested.Skip(1)]) ?? Needed(condition),
        OperatorExpression { Operator: "OPERATOR_IS_NOT_NULL", Arguments: [var tested] } => Needed(tested),
        OperatorExpression { Operator: "OPERATOR_NOT", Arguments: [OperatorExpression { Operator: "OPERATOR_IS_NULL", Arguments: [var tested] }] } =>
            Needed(tested),
        OperatorExpression { Operator: "OPERATOR_IS_NULL", Arguments: [var tested] } =>
            FieldOf(tested) is var (field, column) ? SearchFilter.Absent(field, column) : null,
        _ => Needed(condition),
    };

    private SearchFilter? Any(IReadOnlyList<PlanExpression> parts)
    {
        var found = parts.Select(Of).OfType<SearchFilter>().ToList();
        return found.Count == parts.Count ? SearchFilter.Any(found) : null;
    }

    private SearchFilter? Equal(PlanExpression tested, IReadOnlyList<PlanExpression> values)
    {
        if (FieldOf(tested) is not var (field, column) || values.Count > SearchFilter.MostValues)
        {
            return null;
        }

        var isIdentifier = Identifiers.Contains(field, StringComparer.Ordinal);
        var texts = values.Select(value => value is ConstantExpression { Value: { IsText: true, Text: { } text } } ? text : "").ToList();
        return texts.TrueForAll(text => isIdentifier ? text.Length > 0 : IsPlain(text)) ? SearchFilter.Equal(field, column, texts) : null;
    }

    // Where NULL makes a condition NULL, what it tests must be there.
    private SearchFilter? Needed(PlanExpression condition) => FieldOf(condition) is var (field, column)
        ? field == "cio_id" ? null : SearchFilter.Present(field, column)
        : condition switch
        {
            ComparisonExpression { Operator: not ("COMPARE_DISTINCT_FROM" or "COMPARE_NOT_DISTINCT_FROM") } compared =>
                Needed(compared.Left) ?? Needed(compared.Right),
            CastExpression cast => Needed(cast.Of),
            CallExpression call when NullForNull.Contains(call.Function) => call.Arguments.Select(Needed).FirstOrDefault(found => found is not null),
            OperatorExpression { Operator: "OPERATOR_NOT" or "COMPARE_IN" or "COMPARE_NOT_IN", Arguments: [var tested, ..] } => Needed(tested),
            _ => null,
        };

    // An identifier, an attribute that is a column in this query, or attributes->>'name'.
    private (string Field, string Column)? FieldOf(PlanExpression tested) => tested switch
    {
        ColumnExpression { Origins: [{ Scan: { } own, Column: var column }] } when ReferenceEquals(own, scan) =>
            Identifiers.Contains(column, StringComparer.Ordinal) || table.IsAttribute(column) ? (column, column) : null,
        CallExpression
        {
            Function: "->>" or "json_extract_string",
            Arguments: [ColumnExpression { Origins: [{ Column: "attributes" }] }, ConstantExpression { Value: { IsText: true, Text: { } path } }],
        } => AttributeAt(path) is { } name ? (name, "attributes") : null,
        _ => null,
    };

    private static string? AttributeAt(string path) =>
        (path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : path) is { Length: > 0 } name
        && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_')
            ? name
            : null;
}
