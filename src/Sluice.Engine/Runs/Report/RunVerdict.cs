using System.Globalization;

namespace Sluice.Engine.Runs;

/// <summary>What a run did, in one sentence: how many tables and rows, whether all of it is there, and what is not.</summary>
public static class RunVerdict
{
    private const int TablesNamed = 3;

    /// <summary>Says it, as in: 58 tables, 37,939 rows written, all complete, in 15 s.</summary>
    public static string Of(RunReport report)
    {
        var incomplete = report.Tables.Where(table => table.Outcome != TableOutcome.Done).ToList();
        var tables = Count(report.Tables.Count, "table");
        var rows = Count(report.Tables.Sum(table => table.Rows), "row");
        var seconds = (report.EndedAt - report.StartedAt).TotalSeconds;
        var span = string.Create(CultureInfo.InvariantCulture, $"in {Math.Round(seconds, seconds < 10 ? 1 : 0)} s");
        var text = incomplete.Count == 0
            ? $"{tables}, {rows} written, all complete, {span}."
            : $"{report.Tables.Count - incomplete.Count} of {tables} complete, {rows} written, {span}. Not complete: {Names(incomplete)}.";
        return report.Error is { } error ? $"{text} The run could not be recorded: {error}" : text;
    }

    private static string Names(List<TableReport> tables) =>
        string.Join(", ", tables.Take(TablesNamed).Select(table => $"{table.Source} ({Word(table)})"))
        + (tables.Count > TablesNamed ? string.Create(CultureInfo.InvariantCulture, $" and {tables.Count - TablesNamed} more") : "");

    private static string Word(TableReport table) => table.Outcome switch
    {
        TableOutcome.Failed => "failed",
        TableOutcome.Cancelled => "stopped",
        _ => "partial",
    };

    private static string Count(long number, string word) =>
        string.Create(CultureInfo.InvariantCulture, $"{number:N0} {word}{(number == 1 ? "" : "s")}");
}
