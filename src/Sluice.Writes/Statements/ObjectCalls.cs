using System.Text.Json.Nodes;
using Sluice.Writes.Operations;

namespace Sluice.Writes.Statements;

/// <summary>Objects and their relationships to people by the Track API, with the attributes that have changed.</summary>
internal static class ObjectCalls
{
    private static readonly Operation Limits = OperationCatalog.Find("objects")!;

    public static IEnumerable<PlannedCall> Make(CallPlan plan, IReadOnlyList<RowChange> changes, WriteShape form)
    {
        var isRelated = form == WriteShape.Relationship;
        var items = changes.Select(change => Item(plan, change, isRelated)).OfType<BatchedChange>().ToList();
        return BatchedCalls.Make(plan, items, isRelated ? "relationships" : "objects");
    }

    private static BatchedChange? Item(CallPlan plan, RowChange change, bool isRelated)
    {
        if (plan.Call(change) is not { } call || !plan.MayWrite(change))
        {
            return null;
        }

        var values = change.Verb == "delete" ? [] : Changes(change).ToList();
        var problems = Problems(change, isRelated).Concat(Problems(change, values)).ToList();
        problems.ForEach(problem => plan.Problem(change, problem));
        if (problems.Count > 0)
        {
            return null;
        }

        var sent = isRelated ? Related(change, values) : Object(change, values);
        var name = sent["identifiers"]!.ToJsonString() + (isRelated ? PersonOf(change) : "");
        string[] key = [isRelated ? change.Text("cio_id") is null ? "customer_id" : "cio_id" : "", "object_type_id", "object_id"];
        var item = new PlannedItem(KeyText.Of(key, change.Known), change.Row, sent, values);
        plan.Doubt(item.Key, values);
        return BatchedCalls.Change(plan, change, call, name, item);
    }

    // The members of attributes that differ; null for one that is taken away.
    private static IEnumerable<ValueChange> Changes(RowChange change)
    {
        var (before, after) = (change.Before?["attributes"] as JsonObject ?? [], change.After!["attributes"] as JsonObject ?? []);
        foreach (var name in after.Select(one => one.Key).Union(before.Select(one => one.Key), StringComparer.Ordinal))
        {
            if (!JsonNode.DeepEquals(before[name], after[name]))
            {
                yield return new ValueChange(name, before[name], after[name]);
            }
        }
    }

    private static IEnumerable<string> Problems(RowChange change, bool isRelated)
    {
        if (change.Text("object_type_id") is null || change.Text("object_id") is not { Length: > 0 } id)
        {
            yield return "object_type_id and object_id are needed";
            yield break;
        }

        if (WriteRules.Identifier("object_id", id) is { } problem)
        {
            yield return $"object_id {problem}";
        }

        if (isRelated && string.IsNullOrWhiteSpace(PersonOf(change)))
        {
            yield return "cio_id is needed: it names the person";
        }

        if (isRelated && change.Text("customer_id") is { } other && other != PersonOf(change))
        {
            yield return "customer_id and cio_id name different people";
        }
    }

    private static IEnumerable<string> Problems(RowChange change, IReadOnlyList<ValueChange> values)
    {
        if (change.After?["attributes"] is { } attributes and not JsonObject)
        {
            yield return $"attributes must be a JSON object, not {attributes.GetValueKind().ToString().ToLowerInvariant()}";
        }

        var count = (change.After?["attributes"] as JsonObject)?.Count ?? 0;
        foreach (var problem in WriteRules.Attributes(values.Select(one => one.AsPair), count, Limits))
        {
            yield return problem;
        }
    }

    private static string? PersonOf(RowChange change) => change.Text("cio_id") ?? change.Text("customer_id");

    private static JsonObject Object(RowChange change, IReadOnlyList<ValueChange> values)
    {
        var sent = Of(change, change.Verb == "delete" ? "delete" : "identify");
        if (change.Verb != "delete")
        {
            sent["attributes"] = Attributes(values);
        }

        return sent;
    }

    private static JsonObject Related(RowChange change, IReadOnlyList<ValueChange> values)
    {
        var sent = Of(change, change.Verb == "delete" ? "delete_relationships" : "add_relationships");
        var person = new JsonObject { ["identifiers"] = new JsonObject { ["cio_id"] = PersonOf(change) } };
        if (change.Verb != "delete" && Attributes(values) is { Count: > 0 } attributes)
        {
            person["relationship_attributes"] = attributes;
        }

        sent["cio_relationships"] = new JsonArray(person);
        return sent;
    }

    private static JsonObject Of(RowChange change, string action) => new()
    {
        ["type"] = "object",
        ["action"] = action,
        ["identifiers"] = new JsonObject
        {
            ["object_type_id"] = change.Text("object_type_id"),
            ["object_id"] = change.Text("object_id"),
        },
    };

    private static JsonObject Attributes(IReadOnlyList<ValueChange> values) =>
        new(values.Select(one => KeyValuePair.Create(one.Name, one.New?.DeepClone())));
}
