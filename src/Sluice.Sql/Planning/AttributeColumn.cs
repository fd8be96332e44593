using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Sluice.Sql.Planning;

/// <summary>A column that a query names and no table has: it may be an attribute of people.</summary>
internal static partial class AttributeColumn
{
    /// <summary>Attributes in one query.</summary>
    public const int Most = 50;

    /// <summary>The name of the column that DuckDB has not found, as the query writes it; null when something else is wrong, or nothing.</summary>
    public static string? MissingIn(JsonDocument answer, string sql)
    {
        var error = answer.RootElement;
        if (ExpressionReader.Text(error, "error_type") != "binder")
        {
            return null;
        }

        var message = ExpressionReader.Text(error, "error_message");
        var found = NotFound().Match(message);

        // In a subquery DuckDB goes on to look for the table outside, and says that it is not there.
        if (!found.Success && message.StartsWith("Referenced table ", StringComparison.Ordinal)
            && int.TryParse(ExpressionReader.Text(error, "position"), CultureInfo.InvariantCulture, out var position)
            && ErrorPlace.In(sql, position) is var place and >= 0)
        {
            found = Qualified().Match(sql[place..]);
        }

        // A name that begins with one of these signs would be read as a path into the JSON.
        return found.Success && found.Groups["name"].Value is [not ('$' or '/'), ..] name ? name : null;
    }

    [GeneratedRegex(
        "^(Referenced column \"|(Table|Values list) \"[^\"]*\" does not have a column (named|with name) \")(?<name>[^\"]+)\""
            + "|^Referenced update column (?<name>.+) not found in table!", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex NotFound();

    [GeneratedRegex("^(\\w+|\"[^\"]+\")\\s*\\.\\s*(\"(?<name>[^\"]+)\"|(?<name>\\w+))", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex Qualified();
}
