using System.Globalization;
using System.Text.Json.Nodes;
using Sluice.Writes.Operations;

namespace Sluice.Writes.Statements;

/// <summary>Rows of collections: a call writes all rows of one.</summary>
internal static class CollectionCalls
{
    public static IEnumerable<PlannedCall> Make(CallPlan plan, IReadOnlyList<RowChange> changes)
    {
        foreach (var group in changes.GroupBy(change => change.Text("collection_id")))
        {
            var first = group.First();
            var isFine = group.All(change => Check(plan, change));
            // Where rows are lost, that decides what somebody must agree to.
            if (!isFine || group.Key is null || plan.Call(group.FirstOrDefault(change => change.Verb == "delete") ?? first) is not { } call)
            {
                continue;
            }

            var rows = plan.Contents.GetValueOrDefault(group.Key) ?? [];
            if (WriteRules.CollectionRows(rows) is { } problem)
            {
                plan.Problem(first, problem);
            }

            yield return new PlannedCall
            {
                Call = call,
                Verb = "update",
                Key = string.Create(CultureInfo.InvariantCulture, $"collection_id={group.Key} ({rows.Count} rows)"),
                Route = [new("collection_id", group.Key)],
                Body = rows,
                Changes = [.. group.Select(change => new ValueChange(
                    change.Before is { } before ? $"row {before["row_index"]}" : "new row", change.Before?["row"], change.After?["row"]))],
                IsRepeatable = true,
                Rows = [.. group.Select(change => change.Row)],
            };
        }
    }

    private static bool Check(CallPlan plan, RowChange change)
    {
        var row = change.After?["row"];
        var problem = change.Verb == "delete" ? null
            : change.Text("collection_id") is null ? "collection_id is missing"
            : WriteRules.CollectionRow(row) is { } wrong ? $"row {wrong}"
            : null;
        if (problem is not null)
        {
            plan.Problem(change, problem);
        }

        if (problem is null && row is JsonObject values)
        {
            var place = change.Before is { } before ? $"row {before["row_index"]}" : "new row";
            plan.Doubts.AddMilliseconds(values, $"collection_id={change.Text("collection_id")}, {place}");
        }

        return problem is null && plan.MayWrite(change);
    }
}
