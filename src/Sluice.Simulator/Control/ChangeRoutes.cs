using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Simulator.AppApi;
using Sluice.Simulator.Data;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.Control;

/// <summary>Lets tests change data the way people and the vendor's UI do.</summary>
internal static class ChangeRoutes
{
    private static readonly string[] Identifiers = ["cio_id", "id", "email"];

    private static readonly SortedDictionary<string, Action<World, JsonElement, JsonObject>> Operations = new(StringComparer.Ordinal)
    {
        ["add-activity"] = AddActivity,
        ["add-messages"] = AddMessages,
        ["add-object"] = AddObject,
        ["add-person"] = AddPerson,
        ["delete-broadcast"] = (world, body, _) => Gone(world.Broadcasts.Remove(Id(body))),
        ["delete-campaign"] = (world, body, _) => Gone(world.Campaigns.Remove(Id(body))),
        ["delete-newsletter"] = (world, body, _) => Gone(world.Newsletters.Remove(Id(body))),
        ["delete-object"] = DeleteObject,
        ["delete-person"] = (world, body, _) => world.People.Delete(Person(world, body)),
        ["delete-segment"] = (world, body, _) => Gone(world.Segments.Table.Remove(Id(body))),
        ["set-segment-member"] = SetMember,
        ["update-broadcast"] = (world, body, _) => Update(world, world.Broadcasts.GetValueOrDefault(Id(body))?.Row, body, "updated"),
        ["update-campaign"] = (world, body, _) => Update(world, world.Campaigns.GetValueOrDefault(Id(body))?.Row, body, "updated"),
        ["update-newsletter"] = (world, body, _) => Update(world, world.Newsletters.GetValueOrDefault(Id(body))?.Row, body, "updated"),
        ["update-person"] = (world, body, _) => world.People.Update(Person(world, body), Attributes(body)),
        ["update-segment"] = (world, body, _) => Update(world, world.Segments.Table.Find(Id(body)), body, "updated_at"),
    };

    public static void Map(Router router) => router.Write("POST", "/_sim/change", Change, Access.Control);

    private static void Change(ApiCall call)
    {
        var body = call.Json();
        var name = FilterCondition.Text(body, "op") ?? "";
        if (!Operations.TryGetValue(name, out var operation))
        {
            throw ApiException.Invalid($"unknown op '{name}'; there are {string.Join(", ", Operations.Keys)}");
        }

        var result = new JsonObject { ["done"] = true };
        operation(call.World, body, result);
        call.Response.Write(writer => result.WriteTo(writer));
    }

    private static int Id(JsonElement body, string name = "id")
        => body.TryGetProperty(name, out var value) && value.TryGetInt32(out var id) ? id : throw ApiException.Invalid($"{name} must be a number");

    private static void Gone(bool removed) => _ = removed ? removed : throw ApiException.NotFound();

    private static long Person(World world, JsonElement body)
    {
        foreach (var kind in Identifiers)
        {
            if (FilterCondition.Text(body, kind) is { } value)
            {
                return PersonLookup.Find(world, kind, value) ?? throw ApiException.NotFound();
            }
        }

        throw ApiException.Invalid("name the person by cio_id, id or email");
    }

    private static IEnumerable<KeyValuePair<string, string?>> Attributes(JsonElement body)
        => !body.TryGetProperty("attributes", out var attributes)
            ? []
            : attributes.EnumerateObject().Select(pair => KeyValuePair.Create(pair.Name, AttributeText.Of(pair.Value)));

    private static void AddPerson(World world, JsonElement body, JsonObject result)
    {
        var person = world.People.Add();
        var keys = Identifiers
            .Skip(1)
            .Select(kind => KeyValuePair.Create(kind, FilterCondition.Text(body, kind)))
            .Where(pair => pair.Value is not null);
        world.People.Update(person, keys.Concat(Attributes(body)));
        result["cio_id"] = world.People.KeyOf(person).CioId;
    }

    private static void Update(World world, JsonObject? row, JsonElement body, string updated)
    {
        var changed = row ?? throw ApiException.NotFound();
        foreach (var member in body.EnumerateObject().Where(member => member.Name is not ("op" or "id")))
        {
            changed[member.Name] = JsonNode.Parse(member.Value.GetRawText());
        }

        changed[updated] = world.Clock.Seconds;
        changed["deduplicate_id"] = $"{changed["id"]}:{world.Clock.Seconds}";
    }

    private static void AddMessages(World world, JsonElement body, JsonObject result)
    {
        var kind = (FilterCondition.Text(body, "parent") ?? "campaign") switch
        {
            "campaign" => ParentKind.Campaign,
            "broadcast" => ParentKind.Broadcast,
            "newsletter" => ParentKind.Newsletter,
            "transactional" => ParentKind.Transactional,
            var other => throw ApiException.Invalid($"unknown parent '{other}'"),
        };
        var parent = world.Parents.Find(kind, body.TryGetProperty("id", out _) ? Id(body) : 1) ?? throw ApiException.NotFound();
        var created = body.TryGetProperty("created", out var second) ? second.GetInt64() : world.Clock.Seconds;
        var draft = body.TryGetProperty("draft", out var flag) && flag.ValueKind == JsonValueKind.True;
        var ids = new JsonArray();
        for (var number = 0; number < (body.TryGetProperty("count", out _) ? Id(body, "count") : 1); number++)
        {
            var part = parent.Parts[number % parent.Parts.Count];
            var delivery = world.Deliveries.Add(parent, part, number % Math.Max(1, world.Options.Customers), created, draft);
            ids.Add(DeliveryIds.Encode(world.Random, delivery.Index));
        }

        result["ids"] = ids;
    }

    private static void AddActivity(World world, JsonElement body, JsonObject result)
    {
        var person = FilterCondition.Text(body, "cio_id") is null ? (long?)null : Person(world, body);
        world.Activities.Add(new Activity(0, world.Clock.Seconds, FilterCondition.Text(body, "type") ?? "event", person, null)
        {
            Name = FilterCondition.Text(body, "name"),
            Data = body.TryGetProperty("data", out var data) ? JsonNode.Parse(data.GetRawText()) : null,
        });
    }

    private static void AddObject(World world, JsonElement body, JsonObject result)
    {
        var (type, id) = (Id(body, "object_type_id"), FilterCondition.Text(body, "object_id") ?? throw ApiException.Invalid("object_id is required"));
        _ = world.Objects.Types.Find(type) ?? throw ApiException.NotFound();
        var added = world.Objects.Find(type, id, false) ?? world.Objects.Add(type, id, world.Clock.Seconds);
        foreach (var (name, value) in Attributes(body))
        {
            added.Set(name, value, world.Clock.Seconds);
        }

        result["cio_object_id"] = added.CioObjectId;
    }

    private static void DeleteObject(World world, JsonElement body, JsonObject result)
        => world.Objects.Remove(
            world.Objects.Find(Id(body, "object_type_id"), FilterCondition.Text(body, "object_id") ?? "", false) ?? throw ApiException.NotFound());

    private static void SetMember(World world, JsonElement body, JsonObject result)
        => world.Segments.SetByHand(
            Id(body, "segment_id"), Person(world, body), !body.TryGetProperty("member", out var member) || member.ValueKind == JsonValueKind.True);
}
