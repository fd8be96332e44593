using System.Globalization;
using System.Text;
using System.Text.Json;
using Sluice.Engine;

namespace Sluice.Sql.Planning;

/// <summary>Shows where in a statement a mistake is.</summary>
internal static class ErrorPlace
{
    private const int Before = 60;

    /// <summary>DuckDB counts bytes: the place as a number of letters, or -1 when it is none of the statement's.</summary>
    public static int In(string sql, int position)
    {
        var bytes = Encoding.UTF8.GetBytes(sql);
        return position >= 0 && position < bytes.Length ? Encoding.UTF8.GetCharCount(bytes, 0, position) : -1;
    }

    public static string Show(string message, string sql, int position)
    {
        position = In(sql, position);
        if (position < 0 || position >= sql.Length || message.Contains("LINE ", StringComparison.Ordinal))
        {
            return message;
        }

        var line = sql[..position].Count(letter => letter == '\n') + 1;
        var start = position == 0 ? 0 : sql.LastIndexOf('\n', position - 1) + 1;
        var end = sql.IndexOf('\n', position) is var found && found < 0 ? sql.Length : found;
        var from = Math.Max(start, position - Before);
        var shown = sql[from..Math.Min(end, position + Before)];
        var head = string.Create(CultureInfo.InvariantCulture, $"LINE {line}: {(from > start ? "…" : "")}");
        return $"{message}\n\n{head}{shown}\n{new string(' ', head.Length + position - from)}^";
    }
}

/// <summary>DuckDB's answer when it has no plan.</summary>
internal static class PlanError
{
    // Of these kinds are errors that the statement has whichever optimisers are off.
    private static readonly string[] Mistakes =
        ["parser", "syntax", "binder", "catalog", "permission", "invalid input", "conversion", "out of range", "mismatch type", "invalid type"];

    public static bool IsIn(JsonDocument answer) => answer.RootElement.GetProperty("error").GetBoolean();

    /// <summary>What is wrong with the statement itself; null when that is not why there is no plan.</summary>
    public static SluiceException? MistakeIn(JsonDocument answer, string sql, string? hint)
    {
        var error = answer.RootElement;
        if (!IsIn(answer) || !Mistakes.Contains(ExpressionReader.Text(error, "error_type"), StringComparer.Ordinal))
        {
            return null;
        }

        var message = ExpressionReader.Text(error, "error_message");
        if (message.IndexOf("\n\nPlease try installing", StringComparison.Ordinal) is > 0 and var advice)
        {
            // What DuckDB advises, INSTALL and LOAD, is refused here.
            (message, hint) = (message[..advice], "A query can't load extensions: --attach opens a DuckDB file that another program has filled.");
        }

        var position = int.TryParse(ExpressionReader.Text(error, "position"), CultureInfo.InvariantCulture, out var place) ? place : -1;
        return new SluiceException(SluiceErrorKind.Config, ErrorPlace.Show(message, sql, position), hint);
    }
}
