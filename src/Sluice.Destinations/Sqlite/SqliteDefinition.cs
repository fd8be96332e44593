using System.Text;
using System.Text.RegularExpressions;
using Sluice.Destinations.Merge;

namespace Sluice.Destinations.Sqlite;

/// <summary>A table's statement as SQLite keeps it: the columns with all that stands behind their types, and what stands behind them.</summary>
/// <param name="Parts">The columns and the constraints of the table, as they were written.</param>
/// <param name="Ending">What stands behind the brackets, such as STRICT.</param>
internal sealed partial record SqliteDefinition(IReadOnlyList<string> Parts, string Ending)
{
    private const string Words = "CONSTRAINT|PRIMARY|NOT|NULL|UNIQUE|CHECK|DEFAULT|COLLATE|REFERENCES|FOREIGN|GENERATED|AS";

    /// <summary>Whether a table made anew of names and types would lack something.</summary>
    public bool HasMoreThanTypes =>
        Ending.Length > 0
        || Parts.Any(part => Constraint().IsMatch(Name().Replace(part, "", 1)) || Constraint().Match(part) is { Success: true, Index: 0 });

    /// <summary>Reads the statement of a table; empty when there is none.</summary>
    public static async Task<SqliteDefinition> ReadAsync(DbSession session, string table, CancellationToken cancel)
    {
        var found = await session.ListAsync(
            "SELECT sql FROM main.sqlite_master WHERE type = 'table' AND name = @table COLLATE NOCASE",
            row => row.GetString(0),
            cancel,
            ("table", table));
        return found.Count == 0 ? new SqliteDefinition([], "") : Parse(found[0]);
    }

    /// <summary>Takes a statement apart, without its comments.</summary>
    public static SqliteDefinition Parse(string sql)
    {
        var (parts, part, depth) = (new List<string>(), new StringBuilder(), 0);
        foreach (var token in Token().Matches(sql).Select(match => match.Value).Where(token => !IsComment(token)))
        {
            depth += token == "(" ? 1 : token == ")" ? -1 : 0;
            if ((token == "(" && depth == 1 && parts.Count == 0) || (token == ")" && depth == 0) || (token == "," && depth == 1))
            {
                parts.Add(part.ToString().Trim());
                part.Clear();
            }
            else
            {
                part.Append(token);
            }
        }

        // The first is what stands before the brackets.
        return new SqliteDefinition([.. parts.Skip(1)], part.ToString().Trim());
    }

    /// <summary>The same with another type for some columns, whose constraints stay; null when a column is not found.</summary>
    public SqliteDefinition? With(IReadOnlyDictionary<string, string> types)
    {
        // It goes into a statement as it was read, and must not be a second one.
        if (!Ending.All(letter => char.IsAsciiLetter(letter) || letter is ' ' or ','))
        {
            return null;
        }

        var parts = Parts.ToList();
        foreach (var (column, type) in types)
        {
            var place = parts.FindIndex(part => Unquoted(Name().Match(part).Value).Equals(column, StringComparison.OrdinalIgnoreCase));
            if (place < 0)
            {
                return null;
            }

            var name = Name().Match(parts[place]).Value;
            var behind = parts[place][name.Length..];
            parts[place] = $"{name} {type} {(Constraint().Match(behind) is { Success: true } found ? behind[found.Index..] : "")}".TrimEnd();
        }

        return this with { Parts = parts };
    }

    private static bool IsComment(string token) =>
        token.StartsWith("--", StringComparison.Ordinal) || token.StartsWith("/*", StringComparison.Ordinal);

    private static string Unquoted(string name) => name is ['"' or '`' or '\'' or '[', .., var last]
        ? name[1..^1].Replace($"{last}{last}", $"{last}", StringComparison.Ordinal)
        : name;

    [GeneratedRegex(
        """--[^\n]*|/\*.*?(\*/|\z)|"([^"]|"")*"|'([^']|'')*'|`([^`]|``)*`|\[[^\]]*\]|[\w$]+|\s+|.""",
        RegexOptions.Singleline | RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex Token();

    [GeneratedRegex("""^("([^"]|"")*"|'([^']|'')*'|`([^`]|``)*`|\[[^\]]*\]|[^\s("'`\[]+)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Name();

    [GeneratedRegex($@"\b({Words})\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Constraint();
}
