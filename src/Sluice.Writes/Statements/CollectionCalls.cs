using System.Globalization;
using System.Text.Json.Nodes;

namespace Sluice.Writes.Statements;

/// <summary>Rows of collections: a call writes all rows of one.</summary>
internal static class CollectionCalls
{
    private const int LargestRow = 10 * 1024;
    private const int LargestCollection = 10 * 1024 * 1024;

    public static IEnumerable<PlannedCall> Make(CallPlan plan, IReadOnlyList<RowChange> changes)
    {
        foreach (var group in changes.GroupBy(change => change.Text("collection_id")))
        {
            var first = group.First();
            var isFine = group.All(change => Check(plan, change));
            if (!isFine || group.Key is null || plan.Call(first) is not { } call)
            {
                continue;
            }

            var rows = plan.Contents.GetValueOrDefault(group.Key) ?? [];
            if (Operations.CallBody.Text(rows).Length > LargestCollection)
            {
                plan.Problem(first, "the collection would have more than 10 MB");
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
            : row is not JsonObject ? "row must be a JSON object"
            : Operations.CallBody.Text(row).Length > LargestRow ? "the row has more than 10 kB"
            : null;
        if (problem is not null)
        {
            plan.Problem(change, problem);
        }

        return problem is null && plan.MayWrite(change);
    }
}
