using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Simulator.Data;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.AppApi;

/// <summary>API-triggered broadcasts: start one for an audience, then ask how it went. The path says campaigns, the id is a broadcast's.</summary>
internal static class TriggerRoutes
{
    private const int MostRecipients = 10_000;
    private static readonly string[] Audiences = ["recipients", "emails", "ids", "per_user_data", "data_file_url"];

    public static void Map(Router router)
    {
        router.Write("POST", "/v1/campaigns/{id}/triggers", Start, Access.AppTrigger);
        router.Get("/v1/campaigns/{id}/triggers/{trigger_id}", exchange => exchange.Answer.Write(writer => Find(exchange).WriteTo(writer)));
        router.Get("/v1/campaigns/{id}/triggers/{trigger_id}/errors", Errors);
        router.Get("/v1/broadcasts/{id}/triggers", exchange => exchange.Whole("triggers", JourneyRoutes.Broadcast(exchange).Triggers.Rows));
    }

    private static JsonObject Find(Exchange exchange)
        => JourneyRoutes.Broadcast(exchange).Triggers.Find(exchange.Number("trigger_id")) ?? throw ApiException.NotFound();

    private static void Errors(Exchange exchange)
    {
        Find(exchange);
        exchange.Empty("errors");
    }

    private static void Start(Exchange exchange)
    {
        var broadcast = JourneyRoutes.Broadcast(exchange);
        var body = exchange.Body.IsEmpty ? default : exchange.Json();
        var trigger = broadcast.Triggers.NextId;
        var people = Audience(exchange.World, body, trigger);
        var parent = exchange.World.Parents.Find(ParentKind.Broadcast, broadcast.Id)!;
        foreach (var person in people)
        {
            exchange.World.Deliveries.Add(parent, parent.Parts[0], person, exchange.Now, draft: false);
        }

        broadcast.Triggers.Put(trigger, new JsonObject
        {
            ["id"] = trigger,
            ["broadcast_id"] = broadcast.Id,
            ["status"] = "completed",
            ["created_at"] = exchange.Now,
            ["processed_at"] = exchange.Now,
            ["recipients"] = people.Count,
        });
        exchange.Object(writer => writer.WriteNumber("id", trigger));
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

    /// <summary>One person who does not exist fails the whole broadcast, unless missing ones are to be ignored.</summary>
    private static List<long> Existing(List<long?> found, bool ignoreMissing, string pointer, long trigger)
        => ignoreMissing || found.TrueForAll(person => person is not null)
            ? [.. found.OfType<long>()]
            : throw new ApiException(
                422,
                "Errors were found while processing per user data (ids, emails or json data). More detail available from the errors endpoint for trigger "
                    + $"{trigger}\"",
                ErrorEnvelope.Pointer, $"/data/attributes/{pointer}");

    private static bool Flag(JsonElement body, string name) => body.TryGetProperty(name, out var flag) && flag.ValueKind == JsonValueKind.True;
}
