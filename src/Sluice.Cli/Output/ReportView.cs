using Sluice.Cli.Commands;
using Sluice.Engine;
using Sluice.Engine.Runs;

namespace Sluice.Cli.Output;

/// <summary>Prints a run's report: the result on stdout, what is missing and why on stderr.</summary>
internal static class ReportView
{
    public static void Write(RunReport report, CommandRun run, bool json)
    {
        if (json)
        {
            run.Host.Out.WriteLine(ReportJson.Serialize(report));
        }
        else
        {
            run.Host.Out.Write(Text(report, run.Host.Width));
        }

        run.Host.Out.Flush();
        Explain(report, run);
    }

    /// <summary>Prints on stderr what is missing and why.</summary>
    public static void Explain(RunReport report, CommandRun run)
    {
        foreach (var table in report.Tables)
        {
            Explain(table, run.Messages);
        }

        var stopped = report.Tables.Where(table => table.Outcome == TableOutcome.Cancelled).Select(table => table.Source).ToList();
        if (stopped.Count > 0)
        {
            run.Messages.Warn($"Stopped before the commit of {Count(stopped.Count, "table")}: {string.Join(", ", stopped)}.");
        }

        ModelView.Explain(report.Models, run.Messages);
        if (report.Error is { } error)
        {
            run.Messages.Error(error, report.Hint);
        }
    }

    /// <summary>The whole result: what became of the run, a line for each table, and what it has cost.</summary>
    /// <param name="report">The run.</param>
    /// <param name="width">The terminal's columns, or null for any width.</param>
    public static string Text(RunReport report, int? width)
    {
        IEnumerable<string> rest = [.. Workspaces(report), Cost(report), Place(report), .. ModelView.Summary(report.Models)];
        return $"{RunVerdict.Of(report)}\n\n{Table(report, width)}\n{string.Join('\n', rest)}\n";
    }

    private static string Table(RunReport report, int? width)
    {
        var table = new TextTable(
            "table", "strategy", ">fetched", ">rows", ">new", ">changed", ">same", ">written", ">deleted", ">requests", ">time", "outcome");
        var isOfOneSchema = Schemas(report).Count <= 1;
        foreach (var row in report.Tables)
        {
            table.Add(
                isOfOneSchema ? row.Table[(row.Table.IndexOf('.', StringComparison.Ordinal) + 1)..] : row.Table,
                row.Strategy,
                NumberFormat.Count(row.Fetched),
                NumberFormat.Count(row.TableRows),
                Count(row.Inserted),
                Count(row.Updated),
                NumberFormat.Count(row.Unchanged),
                NumberFormat.Count(row.Rows),
                NumberFormat.Count(row.Deleted),
                NumberFormat.Count(row.Requests),
                $"{NumberFormat.Seconds(row.Seconds)} s",
                Outcome(row));
        }

        return table.Within(width, "requests", "fetched", "written", "strategy", "deleted", "same", "time", "changed", "new");
    }

    /// <summary>One line for each of several workspaces.</summary>
    private static IEnumerable<string> Workspaces(RunReport report) => report.Workspaces.Select(workspace =>
        $"{workspace.Name}: {Count(workspace.Requests, "request")}, {NumberFormat.Share(workspace.BudgetUsed)} of its request budget used"
        + (workspace.RateLimited > 0 ? $", {NumberFormat.Count(workspace.RateLimited)} answers of 429" : ""));

    private static string Cost(RunReport report)
    {
        var limited = report.RateLimited > 0 ? $", {NumberFormat.Count(report.RateLimited)} answers of 429" : "";
        return $"{Count(report.Requests, "request")}, {NumberFormat.Share(report.BudgetUsed)} of the request budget used{limited}{Spool(report)}";
    }

    private static string Place(RunReport report) =>
        $"Into {report.Destination}{(Schemas(report) is [var only] ? $", schema {only}" : "")}, run {report.RunId}";

    private static List<string> Schemas(RunReport report) =>
        [.. report.Tables.Select(table => table.Table.Split('.')[0]).Distinct(StringComparer.Ordinal)];

    // Tables read together share their files.
    private static string Spool(RunReport report) =>
        report.Tables.DistinctBy(table => table.Feed).Sum(table => table.SpoolBytes) is > 0 and var bytes
            ? $", at most {NumberFormat.Bytes(bytes)} in the work folder"
            : "";

    // Rows that are replaced as a whole are not told apart.
    private static string Count(long? number) => number is { } count ? NumberFormat.Count(count) : "-";

    private static string Count(long number, string word) => $"{NumberFormat.Count(number)} {word}{(number == 1 ? "" : "s")}";

    private static string Outcome(TableReport table)
    {
        var resumed = table.Resumed ? ", resumed" : "";
        return table.Outcome.ToString().ToLowerInvariant() + resumed;
    }

    private static void Explain(TableReport table, Messages messages)
    {
        foreach (var note in table.Notes)
        {
            messages.Info($"{table.Source}: {note}");
        }

        foreach (var change in table.SchemaChanges)
        {
            messages.Info($"{table.Source}: column {change.Column}: {change.Change}");
        }

        foreach (var skipped in table.Skipped)
        {
            messages.Warn($"{table.Source}: skipped {skipped}");
        }

        foreach (var gap in table.Gaps)
        {
            messages.Warn(
                $"{table.Source}: {gap}",
                table.Rejected > 0 && gap == table.Gaps[^1] ? "They are kept in _sluice_rejects with their raw text." : null);
        }

        if (table.Outcome != TableOutcome.Cancelled && table.Error is { } error)
        {
            messages.Error($"{table.Source}: {error}", table.Hint);
        }
    }
}
