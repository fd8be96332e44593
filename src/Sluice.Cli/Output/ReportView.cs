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
            run.Host.Out.Write(Table(report));
            foreach (var line in Workspaces(report).Append(Summary(report)).Concat(ModelView.Summary(report.Models)))
            {
                run.Host.Out.WriteLine(line);
            }
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

    public static string Table(RunReport report)
    {
        var table = new TextTable("table", "strategy", ">fetched", ">written", ">same", ">deleted", ">in table", ">requests", ">seconds", "outcome");
        foreach (var row in report.Tables)
        {
            table.Add(
                row.Table,
                row.Strategy,
                NumberFormat.Count(row.Fetched),
                NumberFormat.Count(row.Rows),
                NumberFormat.Count(row.Unchanged),
                NumberFormat.Count(row.Deleted),
                NumberFormat.Count(row.TableRows),
                NumberFormat.Count(row.Requests),
                NumberFormat.Seconds(row.Seconds),
                Outcome(row));
        }

        return table.ToString();
    }

    /// <summary>One line for each of several workspaces.</summary>
    public static IEnumerable<string> Workspaces(RunReport report) => report.Workspaces.Select(workspace =>
        $"{workspace.Name}: {Count(workspace.Requests, "request")}, {NumberFormat.Share(workspace.BudgetUsed)} of its request budget used"
        + (workspace.RateLimited > 0 ? $", {NumberFormat.Count(workspace.RateLimited)} answers of 429" : ""));

    public static string Summary(RunReport report)
    {
        var seconds = (report.EndedAt - report.StartedAt).TotalSeconds;
        var limited = report.RateLimited > 0 ? $", {NumberFormat.Count(report.RateLimited)} answers of 429" : "";
        return $"{Count(report.Tables.Count(IsLoaded), "table")}, {Count(report.Tables.Sum(table => table.Rows), "row")}, "
            + $"{Count(report.Requests, "request")} in {NumberFormat.Seconds(seconds)} s "
            + $"({NumberFormat.Share(report.BudgetUsed)} of the request budget used{limited}), "
            + $"into {report.Destination}, run {report.RunId}{Spool(report)}";
    }

    // Tables read together share their files.
    private static string Spool(RunReport report) =>
        report.Tables.DistinctBy(table => table.Feed).Sum(table => table.SpoolBytes) is > 0 and var bytes
            ? $", at most {NumberFormat.Bytes(bytes)} in the work folder"
            : "";

    private static bool IsLoaded(TableReport table) => table.Outcome is TableOutcome.Done or TableOutcome.Partial;

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
