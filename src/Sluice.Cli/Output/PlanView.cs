using System.Text.Json.Nodes;
using Sluice.Engine;
using Sluice.Engine.Runs;

namespace Sluice.Cli.Output;

/// <summary>Prints what a run would do and cost.</summary>
internal static class PlanView
{
    public static string Write(RunPlan plan, bool json, int? width = null) => json ? JsonOutput.Write(Json(plan)) + "\n" : Text(plan, width);

    private static string Text(RunPlan plan, int? width)
    {
        var table = new TextTable("from", "into", "strategy", "how", ">requests", "because");
        foreach (var row in plan.Tables)
        {
            table.Add(
                row.Workspace.Length == 0 ? row.Source : $"{row.Workspace}: {row.Source}",
                row.Table,
                row.Strategy,
                row.How,
                NumberFormat.Count(row.Requests),
                row.Saved > 0 ? $"{row.Basis}; the condition saves {NumberFormat.Count(row.Saved)}" : row.Basis);
        }

        var notes = string.Concat(plan.Notes.Select(note => $"{note}\n"));
        var list = table.Within(width, "strategy", "into", "how");
        return $"{list}{notes}About {NumberFormat.Count(plan.Requests)} requests, {NumberFormat.Span(plan.Duration)} at the budget's rate. "
            + $"Nothing was written; finding this out took {NumberFormat.Count(plan.RequestsSpent)} requests.\n";
    }

    private static JsonObject Json(RunPlan plan) => new()
    {
        ["requests"] = plan.Requests,
        ["seconds"] = Math.Round(plan.Duration.TotalSeconds, 1),
        ["requests_spent"] = plan.RequestsSpent,
        ["tables"] = JsonOutput.Array(plan.Tables.Select(Json)),
        ["notes"] = JsonOutput.Array(plan.Notes),
    };

    private static JsonObject Json(PlannedTable table)
    {
        var json = new JsonObject
        {
            ["source"] = table.Source,
            ["table"] = table.Table,
            ["strategy"] = table.Strategy,
            ["how"] = table.How,
            ["requests"] = table.Requests,
            ["saved"] = table.Saved,
            ["basis"] = table.Basis,
        };
        if (table.Workspace.Length > 0)
        {
            json.Insert(0, "workspace", table.Workspace);
        }

        return json;
    }
}
