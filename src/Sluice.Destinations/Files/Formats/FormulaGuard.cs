namespace Sluice.Destinations.Files.Formats;

/// <summary>
/// An apostrophe before text that a spreadsheet would take for a formula. A text that has apostrophes and then such a letter gets one more, so
/// that taking one away gives back what was there.
/// </summary>
internal static class FormulaGuard
{
    private const string Letters = @"[=+\-@\t\r]";

    public static string Put(string value) => $"CASE WHEN regexp_matches({value}, '^''*{Letters}') THEN '''' || {value} ELSE {value} END";

    public static string Take(string value) => $"CASE WHEN regexp_matches({value}, '^''+{Letters}') THEN substr({value}, 2) ELSE {value} END";

    public static string Name(string name)
    {
        var rest = name.TrimStart('\'');
        return rest is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? $"'{name}" : name;
    }
}
