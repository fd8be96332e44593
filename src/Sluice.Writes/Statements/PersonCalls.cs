using System.Text.Json.Nodes;
using Sluice.Writes.Operations;

namespace Sluice.Writes.Statements;

/// <summary>People by the Track API: new ones by id or email address, known ones by cio_id, with the attributes that have changed.</summary>
internal static class PersonCalls
{
    private static readonly Operation Limits = OperationCatalog.Find("people")!;

    private static readonly string[] Identifiers = ["id", "email", "cio_id"];

    public static IEnumerable<PlannedCall> Make(CallPlan plan, IReadOnlyList<RowChange> changes)
    {
        RefuseClashes(plan, changes);
        return BatchedCalls.Make(plan, [.. changes.Select(change => Person(plan, change)).OfType<BatchedChange>()], "people");
    }

    // Customer.io takes such changes without a word, and drops all but one. Rows that make people of one id are one person's.
    private static void RefuseClashes(CallPlan plan, IReadOnlyList<RowChange> changes)
    {
        foreach (var kind in new[] { "email", "id" })
        {
            var people = new Dictionary<string, string>(kind == "email" ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
            foreach (var change in changes.Where(change => change.Changed.Contains(kind)))
            {
                if (change.After![kind]?.ToString() is { Length: > 0 } value && (change.Text("cio_id") ?? change.Text("id")) is { } person
                    && !people.TryAdd(value, person) && people[value] != person)
                {
                    plan.Problem(
                        change,
                        $"{kind} belongs to another person of the statement, and no two people can have the same: '{WriteRules.Short(value)}'");
                }
            }
        }
    }

    private static BatchedChange? Person(CallPlan plan, RowChange change)
    {
        if (plan.Call(change) is not { } call || !plan.MayWrite(change))
        {
            return null;
        }

        var changes = change.Verb == "delete" ? [] : Changes(plan, change).ToList();
        foreach (var problem in Problems(change, changes))
        {
            plan.Problem(change, problem);
        }

        var key = change.Verb == "insert" ? KeyText.Of(["id", "email"], change.After!) : plan.KeyOf(change);
        plan.Doubt(key, changes);
        var sent = change.Verb switch { "delete" => Deleted(change), "insert" => New(change, changes), _ => Known(change, changes) };
        var name = sent["identifiers"]!.ToJsonString();
        name = sent["identifiers"]!["email"] is null ? name : name.ToLowerInvariant();
        return BatchedCalls.Change(plan, change, call, name, new PlannedItem(key, change.Row, sent, changes));
    }

    private static IEnumerable<ValueChange> Changes(CallPlan plan, RowChange change)
    {
        // A new person has no identifier that could be taken away.
        var isNew = change.Verb == "insert";
        foreach (var column in change.Changed.Where(column => column != "attributes")
            .Where(column => !(isNew && column is "id" or "email" && change.After![column]?.ToString() is "")))
        {
            yield return new ValueChange(column, change.Before?[column], change.After![column]);
        }

        if (!change.Changed.Contains("attributes"))
        {
            yield break;
        }

        var (before, after) = (change.Before?["attributes"] as JsonObject ?? [], change.After!["attributes"] as JsonObject);
        if (after is null)
        {
            plan.Problem(change, "attributes must be a JSON object");
            yield break;
        }

        foreach (var name in after.Select(one => one.Key).Union(before.Select(one => one.Key), StringComparer.Ordinal))
        {
            if (!JsonNode.DeepEquals(before[name], after[name]))
            {
                yield return new ValueChange(name, before[name], after[name]);
            }
        }
    }

    private static IEnumerable<string> Problems(RowChange change, IReadOnlyList<ValueChange> changes)
    {
        if (change.Verb == "insert" && string.IsNullOrEmpty(change.Text("id")) && string.IsNullOrEmpty(change.Text("email")))
        {
            yield return "a new person needs an id or an email address";
        }

        foreach (var one in changes.Where(one => one.Name is "id" or "email" && one.New is not null))
        {
            if (one.New!.ToString() is { Length: > 0 } name && WriteRules.Identifier(one.Name, name) is { } problem)
            {
                yield return $"{one.Name} {problem}";
            }
        }

        foreach (var one in changes.Where(one => Identifiers.Contains(one.Name) && !change.Changed.Contains(one.Name)))
        {
            yield return $"{one.Name} is no attribute of its own: set the column {(one.Name == "cio_id" ? "id or email" : one.Name)}";
        }

        foreach (var twice in changes.GroupBy(one => one.Name).Where(one => one.Count() > 1))
        {
            yield return $"{twice.Key} is set twice, as a column and in attributes";
        }

        var count = (change.After?["attributes"] as JsonObject)?.Count ?? 0;
        foreach (var problem in WriteRules.Attributes(changes.Where(one => !Identifiers.Contains(one.Name)).Select(one => one.AsPair), count, Limits))
        {
            yield return problem;
        }
    }

    private static JsonObject New(RowChange change, IReadOnlyList<ValueChange> changes)
    {
        var kind = string.IsNullOrEmpty(change.Text("id")) ? "email" : "id";
        var attributes = new JsonObject();
        foreach (var one in changes.Where(one => one.Name != kind))
        {
            attributes[one.Name] = one.New?.DeepClone();
        }

        return Operation("identify", kind, change.Text(kind), attributes);
    }

    // Without _update a person who was deleted meanwhile would be made anew; empty text takes an attribute away.
    private static JsonObject Known(RowChange change, IReadOnlyList<ValueChange> changes)
    {
        var attributes = new JsonObject { ["_update"] = true };
        foreach (var one in changes)
        {
            attributes[one.Name] = one.New?.DeepClone() ?? "";
        }

        return Operation("identify", "cio_id", change.Text("cio_id"), attributes);
    }

    private static JsonObject Deleted(RowChange change) => Operation("delete", "cio_id", change.Text("cio_id"), null);

    private static JsonObject Operation(string action, string kind, string? name, JsonObject? attributes)
    {
        var operation = new JsonObject
        {
            ["type"] = "person",
            ["action"] = action,
            ["identifiers"] = new JsonObject { [kind] = name },
        };
        if (attributes is not null)
        {
            operation["attributes"] = attributes;
        }

        return operation;
    }
}
