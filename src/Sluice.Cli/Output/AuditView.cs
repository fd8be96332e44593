using Sluice.Cli.Commands;
using Sluice.Engine;
using Sluice.Engine.Audit;

namespace Sluice.Cli.Output;

/// <summary>Prints an audit's report: the result on stdout, examples of differences on stderr.</summary>
internal static class AuditView
{
    public static void Write(AuditReport report, CommandRun run, bool json)
    {
        run.Host.Out.Write(json ? ReportJson.Serialize(report) + "\n" : Text(report, run.Host.Width));
        run.Host.Out.Flush();
        foreach (var table in report.Tables)
        {
            if (table.Note is { } note)
            {
                run.Messages.Warn($"{table.Source}: {note}");
            }

            foreach (var example in table.Examples)
            {
                run.Messages.Info($"{table.Source}: {example}");
            }
        }

        if (report.Repair is { } repair)
        {
            ReportView.Write(repair, run, json: false);
        }
    }

    private static string Text(AuditReport report, int? width)
    {
        var table = new TextTable("table", ">at Customer.io", ">in table", ">missing", ">extra", ">stale", "result");
        foreach (var row in report.Tables)
        {
            table.Add(
                row.Table,
                NumberFormat.Count(row.AtCustomerIo),
                NumberFormat.Count(row.InTable),
                NumberFormat.Count(row.Missing),
                NumberFormat.Count(row.Extra),
                NumberFormat.Count(row.Stale),
                row.Failed ? "not compared"
                    : row.Differs ? "differs"
                    : "equal");
        }

        var differing = report.Tables.Count(one => one.Differs);
        var advice = differing > 0 && report.Repair is null ? "; --repair brings them up to date" : "";
        var leftOut = report.LeftOut.Count > 0 ? $", {NumberFormat.Count(report.LeftOut.Count)} left out" : "";
        return table.Within(width, "at Customer.io", "in table")
            + $"{QueryPriceView.Count(report.Tables.Count, "table")} compared, {NumberFormat.Count(differing)} differ{advice}{leftOut}. "
            + $"{NumberFormat.Count(report.Requests)} requests.\n";
    }
}
