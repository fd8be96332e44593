using System.Text.RegularExpressions;
using Sluice.Engine;

namespace Sluice.Destinations.Merge;

/// <summary>The text of a query whose rows are read, as somebody has written it.</summary>
internal static partial class QueryText
{
    /// <summary>Refuses a statement that would change something, before the database is asked.</summary>
    /// <exception cref="SluiceException">It is one (kind Config).</exception>
    public static void RequireReading(string sql)
    {
        if (Change().Match(sql) is { Success: true } found)
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                $"{found.Groups["verb"].Value.ToUpperInvariant()} would change the database, from which rows are only read: nothing was run.",
                "The query must be a SELECT, and what it gives are the rows.");
        }
    }

    /// <summary>The error of a statement that the database refuses for what is written in it.</summary>
    /// <param name="message">What the database says.</param>
    /// <param name="error">Its error.</param>
    public static SluiceException Refused(string message, Exception error) => new(
        SluiceErrorKind.Config,
        $"The database refuses the query: {message.Trim()}",
        "Correct the query: it must be one SELECT in the SQL of that database.",
        error);

    // Comments and brackets may stand before the first word.
    [GeneratedRegex(
        @"^(?>(\s|\(|--[^\n]*(\n|\z)|/\*((?!\*/).)*\*/)*)"
            + @"(?<verb>INSERT|UPDATE|DELETE|MERGE|REPLACE|UPSERT|TRUNCATE|CREATE|DROP|ALTER|RENAME|GRANT|REVOKE|COPY|LOAD|VACUUM|OPTIMIZE)\b",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.Singleline | RegexOptions.CultureInvariant,
        10_000)]
    private static partial Regex Change();
}
