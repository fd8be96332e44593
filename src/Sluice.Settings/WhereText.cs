using System.Text.RegularExpressions;
using Sluice.Engine.Catalog;

namespace Sluice.Settings;

/// <summary>Takes a text such as <c>campaign_id in (1, 2) and campaigns.created &gt;= 2026-01-01</c> apart.</summary>
internal static partial class WhereText
{
    /// <summary>Gives each condition as a name, a comparison and values; null when the text is no such list.</summary>
    public static List<(string Name, string Operator, List<string> Values)>? Parse(string text)
    {
        var conditions = new List<(string, string, List<string>)>();
        var rest = text.Trim();
        while (true)
        {
            var match = Condition().Match(rest);
            if (!match.Success)
            {
                return null;
            }

            var isList = match.Groups["list"].Success;
            var values = Value().Matches(isList ? match.Groups["list"].Value : match.Groups["one"].Value).Select(Unquoted).ToList();
            conditions.Add((match.Groups["name"].Value, isList || match.Groups["op"].Value == "=" ? WhereCondition.In : match.Groups["op"].Value, values));
            rest = rest[match.Length..].TrimStart();
            if (rest.Length == 0)
            {
                return conditions;
            }

            var and = And().Match(rest);
            if (!and.Success)
            {
                return null;
            }

            rest = rest[and.Length..];
        }
    }

    private static string Unquoted(Match value) =>
        value.Value.StartsWith('\'') ? value.Value[1..^1].Replace("''", "'", StringComparison.Ordinal) : value.Value;

    [GeneratedRegex(@"^(?<name>[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)?)\s*((?<op>>=|<=|=|>|<)\s*(?<one>'([^']|'')*'|[^\s'(),]+)|\s[iI][nN]\s*\(\s*(?<list>('([^']|'')*'|[^\s'(),]+)(\s*,\s*('([^']|'')*'|[^\s'(),]+))*)\s*\))", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Condition();

    [GeneratedRegex(@"'([^']|'')*'|[^\s'(),]+", RegexOptions.NonBacktracking)]
    private static partial Regex Value();

    [GeneratedRegex(@"^[aA][nN][dD]\s+", RegexOptions.NonBacktracking)]
    private static partial Regex And();
}
