using System.Globalization;
using System.Text.Json.Nodes;
using Sluice.Writes.Import;
using Sluice.Writes.Operations;

namespace Sluice.Writes.Statements;

/// <summary>Changes that one call takes side by side.</summary>
internal static class BatchedCalls
{
    /// <summary>As few calls as the limits allow.</summary>
    /// <param name="plan">The plan, which tells of changes that are joined.</param>
    /// <param name="changes">The changes.</param>
    /// <param name="noun">What several of them are about, such as people.</param>
    public static IEnumerable<PlannedCall> Make(CallPlan plan, IReadOnlyList<BatchedChange> changes, string noun)
    {
        foreach (var group in changes.GroupBy(one => one.Verb))
        {
            var (operation, first, bytes) = (group.First().Limits, 0, 0);
            var all = Joined(plan, group);
            for (var place = 0; place < all.Count; place++)
            {
                bytes += all[place].Bytes + 1;
                var isFull = place - first == operation.MaxItems || bytes + operation.Head.Length + operation.Tail.Length > operation.MaxBytes;
                if (place > first && isFull)
                {
                    yield return Call(all[first..place], noun);
                    (first, bytes) = (place, all[place].Bytes + 1);
                }
            }

            yield return Call(all[first..], noun);
        }
    }

    // Within a call their order would mean nothing: as in an import the last one wins wherever both have a value.
    private static List<BatchedChange> Joined(CallPlan plan, IEnumerable<BatchedChange> changes)
    {
        var (all, places) = (new List<BatchedChange>(), new Dictionary<string, int>(StringComparer.Ordinal));
        foreach (var change in changes)
        {
            if (places.TryAdd(change.Name, all.Count))
            {
                all.Add(change);
            }
            else
            {
                all[places[change.Name]] = all[places[change.Name]].With(change);
            }
        }

        foreach (var item in all.Select(one => one.Item).Where(item => item.Joined.Count > 0))
        {
            plan.TellJoined(item);
        }

        return all;
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
        Rows = [.. changes.SelectMany(one => one.Item.Rows)],
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

    /// <summary>This change and a later one of the same identifier as one.</summary>
    public BatchedChange With(BatchedChange later)
    {
        var sent = JoinedItem.Of(Item.Sent, later.Item.Sent, Limits.MaxItemBytes);
        var set = later.Item.Changes.Select(one => one.Name).ToHashSet(StringComparer.Ordinal);
        var item = later.Item with
        {
            Sent = sent ?? later.Item.Sent,
            Changes = sent is null ? later.Item.Changes : [.. Item.Changes.Where(one => !set.Contains(one.Name)), .. later.Item.Changes],
            Joined = [.. Item.Rows],
        };
        return later with { Item = item, Bytes = CallBody.Text(item.Sent).Length };
    }
}
