using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sluice.Simulator.Data;

/// <summary>The Track API's edits to people; every edit is added to the activity log.</summary>
internal sealed class PersonEdits(World world)
{
    private readonly HashSet<string> _seenEvents = new(StringComparer.Ordinal);

    /// <summary>Adds or updates a person; null if nobody was changed, which the API does not report.</summary>
    public long? Identify(PersonReference who, IEnumerable<JsonProperty> attributes, bool onlyUpdate)
    {
        var given = attributes.ToList();
        if (world.People.IsSuppressed(who.Value))
        {
            return null;
        }

        var person = Find(who) ?? FindByBody(given);
        if (person is null && (onlyUpdate || who.Kind == "cio_id"))
        {
            return null;
        }

        // No two people can have the same id or address, and an id is changed by cio_id alone: the change is dropped, and the answer is the same.
        if (person is { } known && Clashes(known, who, given))
        {
            return null;
        }

        var created = person is null;
        var index = person ?? world.People.Add();
        var changes = given.Where(attribute => attribute.Name is not ("cio_id" or "_update" or "_timestamp" or "cio_relationships" or "unsubscribed"))
            .Select(attribute => KeyValuePair.Create(attribute.Name, EmptyToNull(AttributeText.Of(attribute.Value)))).ToList();
        TopicPaths.Fold(changes, world.People.ProfileOf(index).Attributes);
        if (who.Kind is "id" or "email" && !changes.Exists(change => change.Key == who.Kind))
        {
            changes.Insert(0, KeyValuePair.Create(who.Kind, (string?)who.Value));
        }

        if (created)
        {
            Log(index, "profile_create", null, null);
        }

        Log(index, "attribute_change", null, Difference(index, changes));
        world.People.Update(index, changes);
        SetUnsubscribed(index, given);
        return index;
    }

    public long? Find(PersonReference who) => who.Kind switch
    {
        "email" => world.People.FindByEmail(who.Value).Select(index => (long?)index).FirstOrDefault(),
        "cio_id" => world.People.FindByCioId(who.Value),
        "phone" => world.People.FindByPhone(who.Value),
        _ => world.People.FindById(who.Value),
    };

    public void Delete(PersonReference who)
    {
        if (Find(who) is { } person)
        {
            var key = world.People.KeyOf(person);
            world.Activities.Add(new Activity(0, world.Clock.Seconds, "profile_delete", null, key) { Data = new JsonObject() });
            world.People.Delete(person);
        }
    }

    public void Suppress(PersonReference who)
    {
        world.People.Suppress(who.Value);
        Delete(who);
    }

    public void Event(PersonReference? who, string type, string name, string? id, long? timestamp, JsonNode? data)
    {
        // The id is for deduplication: all but the first event with the same id are dropped.
        if (id is not null && !_seenEvents.Add(id))
        {
            return;
        }

        var person = who is null ? null : Find(who) ?? (world.People.IsSuppressed(who.Value) ? null : Identify(who, [], onlyUpdate: false));
        world.Activities.Add(new Activity(0, Math.Min(timestamp ?? world.Clock.Seconds, world.Clock.Seconds), type, person, null)
        {
            Name = type == "page" ? null : name,
            Url = type == "page" ? name : null,
            Data = data ?? new JsonObject(),
        });
    }

    /// <summary>Moves what only the secondary person has, then deletes that person permanently; false if either is missing.</summary>
    public bool Merge(PersonReference primary, PersonReference secondary)
    {
        if (Find(primary) is not { } kept || Find(secondary) is not { } gone || kept == gone)
        {
            return false;
        }

        var (have, moved) = (world.People.ProfileOf(kept), world.People.ProfileOf(gone));
        var missing = moved.Attributes.Where(pair => pair.Key != "cio_id" && !have.Attributes.ContainsKey(pair.Key)).ToList();
        var devices = moved.Devices.ToList();
        world.People.Delete(gone);
        world.People.Update(kept, missing.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value)));
        world.People.Changeable(kept).Devices.AddRange(devices);
        Log(kept, "profile_merge", null, new JsonObject());
        return true;
    }

    public void SetDevice(PersonReference who, Device device)
    {
        if ((Find(who) ?? Identify(who, [], onlyUpdate: false)) is { } person)
        {
            var devices = world.People.Changeable(person).Devices;
            devices.RemoveAll(known => known.Token == device.Token);
            devices.Add(device);
            Log(person, "device_change", null, new JsonObject { ["device_id"] = device.Token });
        }
    }

    public void RemoveDevice(PersonReference who, string token)
    {
        if (Find(who) is { } person)
        {
            world.People.Changeable(person).Devices.RemoveAll(known => known.Token == token);
        }
    }

    public void SetUnsubscribed(long person, bool unsubscribed) => world.People.Changeable(person).Unsubscribed = unsubscribed;

    private static string? EmptyToNull(string? value) => string.IsNullOrEmpty(value) ? null : value;

    /// <summary>A new id with a known email address (or vice versa) identifies the person who has it.</summary>
    private long? FindByBody(List<JsonProperty> attributes)
    {
        foreach (
            var attribute in attributes.Where(attribute => attribute.Name is "id" or "email" && attribute.Value.ValueKind == JsonValueKind.String))
        {
            if (Find(new PersonReference(attribute.Name, attribute.Value.GetString()!)) is { } person)
            {
                return person;
            }
        }

        return null;
    }

    private bool Clashes(long person, PersonReference who, List<JsonProperty> attributes)
    {
        var key = world.People.KeyOf(person);
        var said = attributes.Where(attribute => attribute.Name is "id" or "email" && attribute.Value.ValueKind == JsonValueKind.String)
            .Select(attribute => new PersonReference(attribute.Name, attribute.Value.GetString()!))
            .Append(who).ToList();
        var changesId = said.Exists(one => one.Kind == "id" && key.Id is { Length: > 0 } id && id != one.Value);
        return (changesId && who.Kind != "cio_id")
            || said.Exists(one => one.Kind is "id" or "email" && !Has(key, one) && Find(one) is { } other && other != person);
    }

    private static bool Has(PersonKey key, PersonReference one) =>
        one.Kind == "id" ? key.Id == one.Value : string.Equals(key.Email, one.Value, StringComparison.OrdinalIgnoreCase);

    private void SetUnsubscribed(long person, List<JsonProperty> attributes)
    {
        foreach (var attribute in attributes.Where(attribute => attribute.Name == "unsubscribed"))
        {
            SetUnsubscribed(person, attribute.Value.ToString() is "True" or "true" or "1");
        }
    }

    private JsonObject Difference(long person, List<KeyValuePair<string, string?>> changes)
    {
        var before = world.People.ProfileOf(person).Attributes;
        var difference = new JsonObject();
        foreach (var (name, value) in changes)
        {
            difference[name] = new JsonObject { ["from"] = before.GetValueOrDefault(name, ""), ["to"] = value ?? "" };
        }

        return difference;
    }

    private void Log(long person, string type, string? name, JsonNode? data)
        => world.Activities.Add(new Activity(0, world.Clock.Seconds, type, person, null) { Name = name, Data = data });
}

/// <summary>Subscription topics that are set one by one, by a path with dots, so that the others stay.</summary>
internal static class TopicPaths
{
    /// <summary>What the path of a topic begins with.</summary>
    public const string Start = Preferences + ".topics.";

    private const string Preferences = "cio_subscription_preferences";

    /// <summary>Turns paths among the changes of a person into a change of all preferences; a topic without a value gets its default back.</summary>
    public static void Fold(List<KeyValuePair<string, string?>> changes, IReadOnlyDictionary<string, string> attributes)
    {
        var paths = changes.Where(change => change.Key.StartsWith(Start, StringComparison.Ordinal)).ToList();
        if (paths.Count == 0)
        {
            return;
        }

        var all = changes.Where(change => change.Key == Preferences).Select(change => change.Value).LastOrDefault()
            ?? attributes.GetValueOrDefault(Preferences) ?? "{}";
        var preferences = JsonNode.Parse(all)!.AsObject();
        var topics = preferences["topics"] as JsonObject ?? [];
        preferences["topics"] = topics;
        foreach (var (name, value) in paths)
        {
            topics.Remove(name[Start.Length..]);
            if (value is not null)
            {
                topics[name[Start.Length..]] = value is "true";
            }
        }

        changes.RemoveAll(change => change.Key == Preferences || change.Key.StartsWith(Start, StringComparison.Ordinal));
        changes.Add(KeyValuePair.Create(Preferences, (string?)preferences.ToJsonString()));
    }
}
