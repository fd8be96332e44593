using System.Globalization;
using Sluice.Engine.Catalog;
using Sluice.Sql.Planning;

namespace Sluice.Sql.Fetching;

/// <summary>Options whose value is a column's in every row that they let through, so that a condition on the column can be asked for.</summary>
internal static class OptionColumns
{
    private static readonly Dictionary<string, string[]> Exact = new(StringComparer.Ordinal)
    {
        ["messages"] = ["type", "campaign_id", "newsletter_id", "action_id"],
        ["activities"] = ["type"],
        ["esp_suppressions"] = ["type"],
    };

    public static IEnumerable<(ResourceOption Option, string Column)> Of(Resource resource) =>
        from name in Exact.GetValueOrDefault(resource.SharedWith ?? resource.Name) ?? []
        let option = resource.Options.FirstOrDefault(option => option.Name == name)
        where option is not null
        select (option, option.Route ?? name);
}

/// <summary>Conditions on attributes of people that the search can take.</summary>
internal static class AttributeConditions
{
    /// <summary>Attributes with the texts that they must be.</summary>
    public static IEnumerable<(string Attribute, IReadOnlyList<string> Values)> Of(PlanScan scan) =>
        scan.Conditions.Select(Read).OfType<(string, IReadOnlyList<string>)>();

    private static (string Attribute, IReadOnlyList<string> Values)? Read(PlanExpression condition) => condition switch
    {
        ComparisonExpression { Operator: "COMPARE_EQUAL", Left: CallExpression call, Right: ConstantExpression value } => Read(call, [value]),
        ComparisonExpression { Operator: "COMPARE_EQUAL", Right: CallExpression call, Left: ConstantExpression value } => Read(call, [value]),
        OperatorExpression { Operator: "COMPARE_IN", Arguments: { Count: > 1 } tested } when tested[0] is CallExpression call =>
            Read(call, [.. tested.Skip(1)]),
        _ => null,
    };

    // A number or a flag could be stored as such, and whether the search takes it for the same as its text is not documented.
    private static (string, IReadOnlyList<string>)? Read(CallExpression call, IReadOnlyList<PlanExpression> values)
    {
        if (call is not
            {
                Function: "->>" or "json_extract_string",
                Arguments: [ColumnExpression { Origins: [{ Column: "attributes" }] }, ConstantExpression { Value: { IsText: true, Text: { } path } }],
            })
        {
            return null;
        }

        var name = path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : path;
        var texts = values.Select(value => value is ConstantExpression { Value: { IsText: true, Text: { } text } } ? text : "").ToList();
        return name.Length > 0 && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_') && texts.TrueForAll(IsPlain)
            ? (name, texts)
            : null;
    }

    private static bool IsPlain(string text) =>
        text.Length > 0 && text is not ("true" or "false" or "null") && text[0] is not ('{' or '[' or '"')
        && !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
}

/// <summary>Values in words.</summary>
internal static class Words
{
    private const int Few = 3;

    public static string Of(IReadOnlyList<string> values) => values.Count switch
    {
        0 => "has no value",
        1 => $"= {values[0]}",
        <= Few => $"in ({string.Join(", ", values)})",
        _ => string.Create(CultureInfo.InvariantCulture, $"in {values.Count} values"),
    };
}
