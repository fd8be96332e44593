using System.Text.Json;
using Sluice.Sql.Text;

namespace Sluice.Sql.Planning;

/// <summary>Whether a statement only reads.</summary>
internal static class PlanKind
{
    private static readonly Dictionary<string, string> Writing = new(StringComparer.Ordinal)
    {
        ["LOGICAL_INSERT"] = "INSERT",
        ["LOGICAL_UPDATE"] = "UPDATE",
        ["LOGICAL_DELETE"] = "DELETE",
        ["LOGICAL_MERGE_INTO"] = "MERGE",
    };

    public static void RequireQuery(JsonElement plan)
    {
        var type = ExpressionReader.Text(plan, "type");
        if (Writing.TryGetValue(type, out var verb))
        {
            throw SqlStatement.Refused(verb);
        }

        foreach (var child in plan.TryGetProperty("children", out var children) ? [.. children.EnumerateArray()] : Array.Empty<JsonElement>())
        {
            RequireQuery(child);
        }
    }

    /// <summary>The same without a plan, by the words.</summary>
    public static void RequireQuery(SqlStatement statement)
    {
        var words = statement.Tokens.Where(token => token.Kind == SqlTokenKind.Word).Select(token => token.Value.ToUpperInvariant());
        if (words.FirstOrDefault(Writing.ContainsValue) is { } verb)
        {
            throw SqlStatement.Refused(verb);
        }
    }
}
