using System.Text;
using Sluice.Engine;
using Sluice.Writes.Statements;

namespace Sluice.Cli.Output;

/// <summary>What would be written back.</summary>
internal static class UndoView
{
    private const int MostRows = 10;

    public static string Text(IReadOnlyList<UndoStep> steps, long requests)
    {
        var text = new StringBuilder(WriteView.Calls([.. steps.Select(step => step.Call)]));
        text.Append(steps.Count == 0 ? "All of it is as it was before: there is nothing to write back.\n" : "");
        foreach (var step in steps.Where(step => step.Since is not null))
        {
            text.Append("Note: ").Append(VisibleText.Line($"{step.Call.Key} {step.Since}: undo asks first, or needs --yes.")).Append('\n');
        }

        text.Append(steps.Any(step => step.Set is null) ? "The journal does not say whether somebody has changed the values since.\n" : "");
        return text.Append(QueryPriceView.Count(requests, "request")).Append(" made to read. Nothing was sent.\n").ToString();
    }

    /// <summary>Which rows somebody has changed since, without their values.</summary>
    public static string Since(string table, IReadOnlyList<UndoStep> changed)
    {
        var rows = changed.Take(MostRows).Select(step => $"\n  {step.Call.Key} {step.Since}");
        var more = changed.Count > MostRows ? $"\n  and {NumberFormat.Count(changed.Count - MostRows)} more" : "";
        var what = $"{QueryPriceView.Count(changed.Count, "row")} of {table} {(changed.Count == 1 ? "was" : "were")} changed since:";
        return $"{what}{string.Concat(rows)}{more}";
    }
}
