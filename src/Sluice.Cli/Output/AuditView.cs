using Sluice.Cli.Commands;
using Sluice.Engine;
using Sluice.Engine.Audit;

namespace Sluice.Cli.Output;

/// <summary>Tells what an audit found: the result on stdout, examples of what differs on stderr.</summary>
internal static class AuditView
{
    public static void Write(AuditReport report, CommandRun run, bool json)
    {
        run.Host.Out.Write(json ? ReportJson.Serialize(report) + "\n" : Text(report));
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

    private static string Text(AuditReport report)
    {
        var table = new TextTable("table", ">at Customer.io", ">in table", ">missing", ">extra", ">stale", "result");
        foreach (var row in report.Tables)
        {
            table.Add(
                row.Table, Figures.Count(row.AtCustomerIo), Figures.Count(row.InTable), Figures.Count(row.Missing), Figures.Count(row.Extra), Figures.Count(row.Stale),
                row.Failed ? "not compared" : row.Differs ? "differs" : "equal");
        }

        var differing = report.Tables.Count(one => one.Differs);
        var advice = differing > 0 && report.Repair is null ? "; --repair brings them up to date" : "";
        return $"{table}{Figures.Count(report.Tables.Count)} tables compared, {Figures.Count(differing)} differ{advice}. {Figures.Count(report.Requests)} requests.\n";
    }
}
