using System.Globalization;

namespace Sluice.Sql.Planning;

/// <summary>Shows where in a statement a mistake is.</summary>
internal static class ErrorPlace
{
    private const int Before = 60;

    public static string Show(string message, string sql, int position)
    {
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
