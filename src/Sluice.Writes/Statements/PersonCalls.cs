using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Sluice.Writes.Import;

namespace Sluice.Writes.Statements;

/// <summary>People by the Track API: new ones by id or email address, known ones by cio_id, with the attributes that have changed.</summary>
internal static class PersonCalls
{
    private const int MostAttributes = 300;
    private const int LongestName = 150;
    private const int LongestValue = 1000;

    private static readonly string[] Identifiers = ["id", "email", "cio_id"];

    public static IEnumerable<PlannedCall> Make(CallPlan plan, IReadOnlyList<RowChange> changes) =>
        BatchedCalls.Make([.. changes.Select(change => Person(plan, change)).OfType<BatchedChange>()], "people");

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
        var sent = change.Verb switch { "delete" => Deleted(change), "insert" => New(change, changes), _ => Known(change, changes) };
        return BatchedCalls.Change(plan, change, call, sent["identifiers"]!.ToJsonString(), new PlannedItem(key, change.Row, sent, changes));
    }

    private static IEnumerable<ValueChange> Changes(CallPlan plan, RowChange change)
    {
        foreach (var column in change.Changed.Where(column => column != "attributes"))
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
        if (change.Verb == "insert" && change.Text("id") is null && change.Text("email") is null)
        {
            yield return "a new person needs an id or an email address";
        }

        if (Encoding.UTF8.GetByteCount(change.After?["id"]?.ToString() ?? "") > LongestName)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"id has more than {LongestName} bytes");
        }

        if (changes.FirstOrDefault(one => one.Name == "email")?.New?.ToString() is { Length: > 0 } email && !ValueText.IsEmail(email))
        {
            yield return $"email is no e-mail address: '{ValueText.Short(email)}'";
        }

        foreach (var one in changes.Where(one => Identifiers.Contains(one.Name) && !change.Changed.Contains(one.Name)))
        {
            yield return $"{one.Name} is no attribute of its own: set the column {(one.Name == "cio_id" ? "id or email" : one.Name)}";
        }

        foreach (var twice in changes.GroupBy(one => one.Name).Where(one => one.Count() > 1))
        {
            yield return $"{twice.Key} is set twice, as a column and in attributes";
        }

        foreach (var one in changes.Where(one => Encoding.UTF8.GetByteCount(one.Name) > LongestName))
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"the name of the attribute {one.Name} has more than {LongestName} bytes");
        }

        foreach (var one in changes.Where(one => one.New is not null && Encoding.UTF8.GetByteCount(one.New.ToString()) > LongestValue))
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"the value of {one.Name} has more than {LongestValue} bytes");
        }

        if ((change.After?["attributes"] as JsonObject)?.Count > MostAttributes)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"there are more than {MostAttributes} attributes");
        }
    }

    private static JsonObject New(RowChange change, IReadOnlyList<ValueChange> changes)
    {
        var kind = change.Text("id") is null ? "email" : "id";
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
