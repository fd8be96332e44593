using Sluice.Engine.Runs;

namespace Sluice.Cli.Output;

/// <summary>Prints what a run would do and cost.</summary>
internal static class PlanView
{
    public static string Write(RunPlan plan, bool json) => json ? Json(plan) + "\n" : Text(plan);

    private static string Text(RunPlan plan)
    {
        var table = new TextTable("from", "into", "strategy", "how", ">requests", "because");
        foreach (var row in plan.Tables)
        {
            table.Add(row.Workspace.Length == 0 ? row.Source : $"{row.Workspace}: {row.Source}", row.Table, row.Strategy, row.How, NumberFormat.Count(row.Requests), row.Saved > 0 ? $"{row.Basis}; the condition saves {NumberFormat.Count(row.Saved)}" : row.Basis);
        }

        var notes = string.Concat(plan.Notes.Select(note => $"{note}\n"));
        return $"{table}{notes}About {NumberFormat.Count(plan.Requests)} requests, {NumberFormat.Span(plan.Duration)} at the budget's rate. "
            + $"Nothing was written; finding this out took {NumberFormat.Count(plan.RequestsSpent)} requests.\n";
    }

    private static string Json(RunPlan plan) => JsonOutput.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteNumber("requests", plan.Requests);
        writer.WriteNumber("seconds", Math.Round(plan.Duration.TotalSeconds, 1));
        writer.WriteNumber("requests_spent", plan.RequestsSpent);
        writer.WriteStartArray("tables");
        foreach (var table in plan.Tables)
        {
            writer.WriteStartObject();
            if (table.Workspace.Length > 0)
            {
                writer.WriteString("workspace", table.Workspace);
            }

            writer.WriteString("source", table.Source);
            writer.WriteString("table", table.Table);
            writer.WriteString("strategy", table.Strategy);
            writer.WriteString("how", table.How);
            writer.WriteNumber("requests", table.Requests);
            writer.WriteNumber("saved", table.Saved);
            writer.WriteString("basis", table.Basis);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("notes");
        foreach (var note in plan.Notes)
        {
            writer.WriteStringValue(note);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });
}
