using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Simulator.Data;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.AppApi;

/// <summary>
/// API-triggered broadcasts: trigger one for an audience, then read its status. The path says campaigns, but the id is a broadcast's.
/// </summary>
internal static class TriggerRoutes
{
    private const int SecondsToProcess = 5;

    public static void Map(Router router)
    {
        router.Write("POST", "/v1/campaigns/{id}/triggers", Start, Access.AppTrigger);
        router.Get("/v1/campaigns/{id}/triggers/{trigger_id}", call => call.Response.Write(writer => Shown(Find(call), call.Now).WriteTo(writer)));
        router.Get("/v1/campaigns/{id}/triggers/{trigger_id}/errors", Errors);
        router.Get(
            "/v1/broadcasts/{id}/triggers",
            call => call.Whole("triggers", JourneyRoutes.Broadcast(call).Triggers.Rows.Select(trigger => Shown(trigger, call.Now))));
    }

    /// <summary>A trigger as the API shows it: nothing but <c>processed_at</c> tells that it is done, and before that it is not there.</summary>
    public static JsonObject Shown(JsonObject trigger, long now)
    {
        if (trigger["processed_at"]?.GetValue<long>() is not { } processed || processed <= now)
        {
            return trigger;
        }

        var shown = (JsonObject)trigger.DeepClone();
        shown.Remove("processed_at");
        return shown;
    }

    private static JsonObject Find(ApiCall call)
        => JourneyRoutes.Broadcast(call).Triggers.Find(call.Number("trigger_id")) ?? throw ApiException.NotFound();

    /// <summary>A page of errors; the only list whose <c>next</c> is a number, the offset of the page.</summary>
    private static void Errors(ApiCall call)
    {
        Find(call);
        var errors = JourneyRoutes.Broadcast(call).TriggerErrors.GetValueOrDefault(call.Number("trigger_id")) ?? [];
        var offset = call.Whole("start") ?? 0;
        if (offset < 0)
        {
            throw ApiException.Invalid("start must be an offset");
        }

        var page = errors.Skip((int)Math.Min(offset, errors.Count)).Take(call.Limit(10, 1000)).ToList();
        call.Object(writer =>
        {
            writer.WriteStartArray("errors");
            page.ForEach(writer.WriteStringValue);
            writer.WriteEndArray();
            if (offset + page.Count < errors.Count)
            {
                writer.WriteNumber("next", offset + page.Count);
            }
        });
    }

    private static void Start(ApiCall call)
    {
        var broadcast = JourneyRoutes.Broadcast(call);
        var audience = TriggerAudience.Read(call.World, call.Body.IsEmpty ? default : call.Json());
        var trigger = broadcast.Triggers.NextId;
        broadcast.Triggers.Put(trigger, Row(call, broadcast, trigger, audience));
        if (audience.Errors.Count > 0)
        {
            broadcast.TriggerErrors[trigger] = audience.Errors;
            throw new ApiException(
                422,
                "Errors were found while processing per user data (ids, emails or json data). "
                    + $"More detail available from the errors endpoint for trigger {trigger}\"",
                ErrorEnvelope.Pointer, $"/data/attributes/{audience.Pointer}");
        }

        var parent = call.World.Parents.Find(ParentKind.Broadcast, broadcast.Id)!;
        foreach (var person in audience.People)
        {
            call.World.Deliveries.Add(parent, parent.Parts[0], person, call.Now, draft: false);
        }

        call.Object(writer => writer.WriteNumber("id", trigger));
    }

    private static JsonObject Row(ApiCall call, Journey broadcast, long trigger, TriggerAudience audience)
    {
        var row = new JsonObject
        {
            ["id"] = trigger,
            ["broadcast_id"] = broadcast.Id,
            ["created_at"] = call.Now,
            ["processed_at"] = call.Now + SecondsToProcess,
        };
        if (call.World.Options.HasEarlierForm)
        {
            row["recipients_count"] = audience.People.Count;
        }

        return row;
    }
}

/// <summary>The people that a trigger names, or why they can't be messaged: one missing person fails the whole broadcast.</summary>
internal sealed record TriggerAudience(List<long> People, List<string> Errors, string Pointer)
{
    private const int MostRecipients = 10_000;
    private static readonly string[] Lists = ["recipients", "emails", "ids", "per_user_data", "data_file_url"];

    public static TriggerAudience Read(World world, JsonElement body)
    {
        var given = body.ValueKind != JsonValueKind.Object ? [] : Lists.Where(name => body.TryGetProperty(name, out _)).ToList();
        if (given.Count > 1)
        {
            throw ApiException.Invalid($"only one of {string.Join(", ", Lists)} may be given");
        }

        return given.FirstOrDefault() switch
        {
            "recipients" => All([.. world.People.From(0).Where(PeopleFilter.Read(world, body.GetProperty("recipients"))).Take(MostRecipients)]),
            "ids" => Named(world, body, "ids", "id"),
            "emails" => Named(world, body, "emails", "email"),
            "per_user_data" => PerUser(world, body),
            "data_file_url" => Uri.TryCreate(FilterCondition.Text(body, "data_file_url"), UriKind.Absolute, out _)
                ? All([])
                : throw ApiException.Invalid("data_file_url must be a URL"),
            _ => All([.. world.Segments.Members(1, 0).Take(MostRecipients)]),
        };
    }

    private static TriggerAudience All(List<long> people) => new(people, [], "");

    private static TriggerAudience Named(World world, JsonElement body, string list, string kind)
    {
        var names = Entries(body, list).Select(value => (Kind: kind, Value: value.ToString()));
        return Found(world, names, Flag(body, $"{kind}_ignore_missing"), list);
    }

    private static TriggerAudience PerUser(World world, JsonElement body)
    {
        var names = Entries(body, "per_user_data").Select(entry =>
        {
            var kind = FilterCondition.Text(entry, "id") is null ? "email" : "id";
            return FilterCondition.Text(entry, kind) is { } value
                ? (kind, value)
                : throw ApiException.Invalid("each entry of per_user_data needs an id or an email");
        });
        return Found(world, names, Flag(body, "id_ignore_missing") || Flag(body, "email_ignore_missing"), "per_user_data");
    }

    private static List<JsonElement> Entries(JsonElement body, string list)
    {
        var values = body.GetProperty(list);
        return values.ValueKind == JsonValueKind.Array && values.GetArrayLength() is > 0 and <= MostRecipients
            ? [.. values.EnumerateArray()]
            : throw ApiException.Invalid($"{list} must hold between 1 and {MostRecipients} entries");
    }

    private static TriggerAudience Found(World world, IEnumerable<(string Kind, string Value)> names, bool ignoreMissing, string pointer)
    {
        var people = new List<long>();
        var errors = new List<string>();
        foreach (var (line, name) in names.Index())
        {
            if (world.Edits.Find(new PersonReference(name.Kind, name.Value)) is { } person)
            {
                people.Add(person);
            }
            else if (!ignoreMissing)
            {
                errors.Add(string.Create(CultureInfo.InvariantCulture, $"line {line + 1}: no person with {name.Kind} '{name.Value}'"));
            }
        }

        return new TriggerAudience(people, errors, pointer);
    }

    private static bool Flag(JsonElement body, string name) => body.TryGetProperty(name, out var flag) && flag.ValueKind == JsonValueKind.True;
}
