using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Sluice.Writes.Operations;

namespace Sluice.Writes.Statements;

/// <summary>People by the Track API: new ones by id or email address, known ones by cio_id, with the attributes that have changed.</summary>
internal static class PersonCalls
{
    private const int MostAttributes = 300;
    private const int LongestName = 150;
    private const int LongestValue = 1000;

    private static readonly string[] Identifiers = ["id", "email", "cio_id"];

    /// <summary>As few calls as the limits allow; two changes of one person never stand in one, where their order would mean nothing.</summary>
    public static IEnumerable<PlannedCall> Make(CallPlan plan, IReadOnlyList<RowChange> changes)
    {
        var people = changes.Select(change => Person(plan, change)).OfType<Person>().ToList();
        foreach (var group in people.GroupBy(one => one.Verb))
        {
            var (operation, first) = (OperationCatalog.Find(group.First().Call.Batch!)!, 0);
            var (all, keys, bytes) = (group.ToList(), new HashSet<string>(StringComparer.Ordinal), 0);
            for (var place = 0; place < all.Count; place++)
            {
                bytes += all[place].Bytes + 1;
                var isFull = place - first == operation.MaxItems || bytes + operation.Head.Length + operation.Tail.Length > operation.MaxBytes;
                if (place > first && (isFull || keys.Contains(all[place].Name)))
                {
                    yield return Call(all[first..place]);
                    (first, bytes) = (place, all[place].Bytes + 1);
                    keys.Clear();
                }

                keys.Add(all[place].Name);
            }

            yield return Call(all[first..]);
        }
    }

    private static PlannedCall Call(List<Person> people) => new()
    {
        Call = people[0].Call,
        Verb = people[0].Verb,
        Key = people.Count == 1 ? people[0].Item.Key : string.Create(CultureInfo.InvariantCulture, $"{people.Count} people"),
        Body = new JsonObject { ["batch"] = new JsonArray([.. people.Select(one => one.Item.Sent.DeepClone())]) },
        Changes = [.. people.SelectMany(one => one.Item.Changes)],
        Items = [.. people.Select(one => one.Item)],
        IsRepeatable = people[0].Call.IsRepeatable,
        Rows = [.. people.Select(one => one.Item.Row)],
    };

    private static Person? Person(CallPlan plan, RowChange change)
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
        var bytes = CallBody.Text(sent).Length;
        if (OperationCatalog.Find(call.Batch!)!.MaxItemBytes is var most && bytes > most)
        {
            plan.Problem(change, string.Create(CultureInfo.InvariantCulture, $"the change makes {bytes} bytes; Customer.io takes {most}"));
        }

        return new Person(call, change.Verb, sent["identifiers"]!.ToJsonString(), bytes, new PlannedItem(key, change.Row, sent, changes));
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

/// <summary>A person who is to be changed.</summary>
/// <param name="Call">What is called.</param>
/// <param name="Verb">insert, update or delete.</param>
/// <param name="Name">What names the person in the call.</param>
/// <param name="Bytes">Bytes of what is sent.</param>
/// <param name="Item">What is sent, with what changes.</param>
internal sealed record Person(WriteCall Call, string Verb, string Name, int Bytes, PlannedItem Item);
