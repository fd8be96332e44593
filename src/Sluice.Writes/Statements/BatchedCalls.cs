using System.Globalization;
using System.Text.Json.Nodes;
using Sluice.Writes.Operations;

namespace Sluice.Writes.Statements;

/// <summary>Changes that one call takes side by side.</summary>
internal static class BatchedCalls
{
    /// <summary>As few calls as the limits allow; two changes of one thing never stand in one, where their order would mean nothing.</summary>
    /// <param name="changes">The changes.</param>
    /// <param name="noun">What several of them are about, such as people.</param>
    public static IEnumerable<PlannedCall> Make(IReadOnlyList<BatchedChange> changes, string noun)
    {
        foreach (var group in changes.GroupBy(one => one.Verb))
        {
            var (operation, first) = (group.First().Limits, 0);
            var (all, names, bytes) = (group.ToList(), new HashSet<string>(StringComparer.Ordinal), 0);
            for (var place = 0; place < all.Count; place++)
            {
                bytes += all[place].Bytes + 1;
                var isFull = place - first == operation.MaxItems || bytes + operation.Head.Length + operation.Tail.Length > operation.MaxBytes;
                if (place > first && (isFull || names.Contains(all[place].Name)))
                {
                    yield return Call(all[first..place], noun);
                    (first, bytes) = (place, all[place].Bytes + 1);
                    names.Clear();
                }

                names.Add(all[place].Name);
            }

            yield return Call(all[first..], noun);
        }
    }

    /// <summary>One change, refused when it is longer than Customer.io takes.</summary>
    public static BatchedChange Change(CallPlan plan, RowChange change, WriteCall call, string name, PlannedItem item)
    {
        var one = new BatchedChange(call, change.Verb, name, CallBody.Text(item.Sent).Length, item);
        if (one.Bytes > one.Limits.MaxItemBytes)
        {
            plan.Problem(
                change,
                string.Create(CultureInfo.InvariantCulture, $"the change makes {one.Bytes} bytes; Customer.io takes {one.Limits.MaxItemBytes}"));
        }

        return one;
    }

    private static PlannedCall Call(List<BatchedChange> changes, string noun) => new()
    {
        Call = changes[0].Call,
        Verb = changes[0].Verb,
        Key = changes.Count == 1 ? changes[0].Item.Key : string.Create(CultureInfo.InvariantCulture, $"{changes.Count} {noun}"),
        Body = new JsonObject { ["batch"] = new JsonArray([.. changes.Select(one => one.Item.Sent.DeepClone())]) },
        Changes = [.. changes.SelectMany(one => one.Item.Changes)],
        Items = [.. changes.Select(one => one.Item)],
        IsRepeatable = changes[0].Call.IsRepeatable,
        Rows = [.. changes.Select(one => one.Item.Row)],
    };
}

/// <summary>A change that goes into a call with others.</summary>
/// <param name="Call">What is called.</param>
/// <param name="Verb">insert, update or delete.</param>
/// <param name="Name">What names the person, object or relationship in the call.</param>
/// <param name="Bytes">Bytes of what is sent.</param>
/// <param name="Item">What is sent, with what changes.</param>
internal sealed record BatchedChange(WriteCall Call, string Verb, string Name, int Bytes, PlannedItem Item)
{
    /// <summary>The operation whose limits hold for the call.</summary>
    public Operation Limits => OperationCatalog.Find(Call.Batch!)!;
}
