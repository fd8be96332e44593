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
    private const int MostRecipients = 10_000;
    private static readonly string[] Audiences = ["recipients", "emails", "ids", "per_user_data", "data_file_url"];

    public static void Map(Router router)
    {
        router.Write("POST", "/v1/campaigns/{id}/triggers", Start, Access.AppTrigger);
        router.Get("/v1/campaigns/{id}/triggers/{trigger_id}", call => call.Response.Write(writer => Find(call).WriteTo(writer)));
        router.Get("/v1/campaigns/{id}/triggers/{trigger_id}/errors", Errors);
        router.Get("/v1/broadcasts/{id}/triggers", call => call.Whole("triggers", JourneyRoutes.Broadcast(call).Triggers.Rows));
    }

    private static JsonObject Find(ApiCall call)
        => JourneyRoutes.Broadcast(call).Triggers.Find(call.Number("trigger_id")) ?? throw ApiException.NotFound();

    private static void Errors(ApiCall call)
    {
        Find(call);
        call.Empty("errors");
    }

    private static void Start(ApiCall call)
    {
        var broadcast = JourneyRoutes.Broadcast(call);
        var body = call.Body.IsEmpty ? default : call.Json();
        var trigger = broadcast.Triggers.NextId;
        var people = Audience(call.World, body, trigger);
        var parent = call.World.Parents.Find(ParentKind.Broadcast, broadcast.Id)!;
        foreach (var person in people)
        {
            call.World.Deliveries.Add(parent, parent.Parts[0], person, call.Now, draft: false);
        }

        broadcast.Triggers.Put(trigger, new JsonObject
        {
            ["id"] = trigger,
            ["broadcast_id"] = broadcast.Id,
            ["status"] = "completed",
            ["created_at"] = call.Now,
            ["processed_at"] = call.Now,
            ["recipients"] = people.Count,
        });
        call.Object(writer => writer.WriteNumber("id", trigger));
    }

    private static List<long> Audience(World world, JsonElement body, long trigger)
    {
        var given = body.ValueKind != JsonValueKind.Object ? [] : Audiences.Where(name => body.TryGetProperty(name, out _)).ToList();
        if (given.Count > 1)
        {
            throw ApiException.Invalid($"only one of {string.Join(", ", Audiences)} may be given");
        }

        return given.FirstOrDefault() switch
        {
            "recipients" => [.. world.People.From(0).Where(PeopleFilter.Read(world, body.GetProperty("recipients"))).Take(MostRecipients)],
            "ids" => Named(world, body, "ids", "id", trigger),
            "emails" => Named(world, body, "emails", "email", trigger),
            "per_user_data" => PerUser(world, body, trigger),
            "data_file_url" => Uri.TryCreate(FilterCondition.Text(body, "data_file_url"), UriKind.Absolute, out _)
                ? []
                : throw ApiException.Invalid("data_file_url must be a URL"),
            _ => [.. world.Segments.Members(1, 0).Take(MostRecipients)],
        };
    }

    private static List<long> Named(World world, JsonElement body, string list, string kind, long trigger)
    {
        var values = body.GetProperty(list);
        if (values.ValueKind != JsonValueKind.Array || values.GetArrayLength() is 0 or > MostRecipients)
        {
            throw ApiException.Invalid($"{list} must hold between 1 and {MostRecipients} values");
        }

        var found = values.EnumerateArray().Select(value => world.Edits.Find(new PersonReference(kind, value.ToString()))).ToList();
        return Existing(found, Flag(body, $"{kind}_ignore_missing"), list, trigger);
    }

    private static List<long> PerUser(World world, JsonElement body, long trigger)
    {
        var entries = body.GetProperty("per_user_data");
        if (entries.ValueKind != JsonValueKind.Array || entries.GetArrayLength() is 0 or > MostRecipients)
        {
            throw ApiException.Invalid($"per_user_data must hold between 1 and {MostRecipients} entries");
        }

        var found = entries.EnumerateArray().Select(entry =>
        {
            var kind = FilterCondition.Text(entry, "id") is null ? "email" : "id";
            return FilterCondition.Text(entry, kind) is { } value
                ? world.Edits.Find(new PersonReference(kind, value))
                : throw ApiException.Invalid("each entry of per_user_data needs an id or an email");
        }).ToList();
        return Existing(found, Flag(body, "id_ignore_missing") || Flag(body, "email_ignore_missing"), "per_user_data", trigger);
    }

    /// <summary>One missing person fails the whole broadcast, unless missing people are to be ignored.</summary>
    private static List<long> Existing(List<long?> found, bool ignoreMissing, string pointer, long trigger)
        => ignoreMissing || found.TrueForAll(person => person is not null)
            ? [.. found.OfType<long>()]
            : throw new ApiException(
                422,
                "Errors were found while processing per user data (ids, emails or json data). "
                    + $"More detail available from the errors endpoint for trigger {trigger}\"",
                ErrorEnvelope.Pointer, $"/data/attributes/{pointer}");

    private static bool Flag(JsonElement body, string name) => body.TryGetProperty(name, out var flag) && flag.ValueKind == JsonValueKind.True;
}
