using System.Text.Json.Nodes;
using Sluice.Simulator.Data;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.AppApi;

/// <summary>Campaigns and broadcasts with their actions.</summary>
internal static class JourneyRoutes
{
    private const int ActionsPerPage = 10;

    public static void Map(Router router)
    {
        router.Get("/v1/campaigns", call => call.Whole("campaigns", Rows(call.World.Campaigns)));
        router.Get("/v1/campaigns/{id}", call => call.One("campaign", Campaign(call).Row));
        router.Get("/v1/campaigns/{id}/actions", call => Actions(call, Campaign(call), EndOfList.Empty));
        router.Get("/v1/campaigns/{id}/actions/{action_id}", call => call.One("action", ActionJson.Of(Action(call, Campaign(call)))));
        router.Get("/v1/broadcasts", call => call.Whole("broadcasts", Rows(call.World.Broadcasts)));
        router.Get("/v1/broadcasts/{id}", call => call.One("broadcast", Broadcast(call).Row));
        router.Get("/v1/broadcasts/{id}/actions", BroadcastActions);
        router.Get("/v1/broadcasts/{id}/actions/{action_id}", call => call.One("action", ActionJson.Of(Action(call, Broadcast(call)))));
        router.Write("PUT", "/v1/campaigns/{id}/actions/{action_id}", call => Update(call, Action(call, Campaign(call))));
        router.Write("PUT", "/v1/broadcasts/{id}/actions/{action_id}", call => Update(call, Action(call, Broadcast(call))));
        Languages(router, "/v1/campaigns/{id}/actions/{action_id}", call => Action(call, Campaign(call)));
        Languages(router, "/v1/broadcasts/{id}/actions/{action_id}", call => Action(call, Broadcast(call)));
    }

    public static Journey Campaign(ApiCall call)
        => call.World.Campaigns.GetValueOrDefault(call.Number("id")) ?? throw ApiException.NotFound();

    public static Journey Broadcast(ApiCall call)
        => call.World.Broadcasts.GetValueOrDefault(call.Number("id")) ?? throw ApiException.NotFound();

    public static JsonObject Action(ApiCall call, Journey journey)
        => journey.Actions.Find(call.Number("action_id")) ?? throw ApiException.NotFound();

    /// <summary>The translation of an action: every action has exactly one, in its own language.</summary>
    private static void Languages(Router router, string action, Func<ApiCall, JsonObject> find)
    {
        router.Get(action + "/language/{language}", call => call.One("action", ActionJson.Of(InLanguage(call, find(call)))));
        router.Write("PUT", action + "/language/{language}", call => Update(call, InLanguage(call, find(call))));
    }

    private static JsonObject InLanguage(ApiCall call, JsonObject action)
        => action["language"]?.GetValue<string>() == call.Text("language") ? action : throw ApiException.Invalid("no such language");

    private static void Update(ApiCall call, JsonObject action)
    {
        ContentEdit.Apply(call, action, WritableKeys.OfAction(ContentEdit.Type(action)), call.World.Options.OverwritesContents);
        action["updated"] = call.Now;
        action["deduplicate_id"] = $"{action["id"]}:{call.Now}";
        call.One("action", ActionJson.Of(action));
    }

    private static IEnumerable<JsonObject> Rows(Dictionary<int, Journey> journeys)
        => journeys.Values.OrderBy(journey => journey.Id).Select(journey => journey.Row);

    /// <summary>Paged by ten as those of campaigns, which has been seen, or whole, as the description says.</summary>
    private static void BroadcastActions(ApiCall call)
    {
        if (call.World.Options.PagesBroadcastActions)
        {
            Actions(call, Broadcast(call), EndOfList.Absent);
        }
        else
        {
            call.Whole("actions", Broadcast(call).Actions.Rows.Select(ActionJson.Of));
        }
    }

    private static void Actions(ApiCall call, Journey journey, EndOfList end)
    {
        var after = call.Cursor()?.First ?? 0;
        call.Page(
            "actions",
            journey.Actions.After(after),
            ActionsPerPage,
            (writer, action) => ActionJson.Of(action.Value).WriteTo(writer),
            action => (action.Key, 0),
            end);
    }
}

/// <summary>An action as the API shows it.</summary>
internal static class ActionJson
{
    /// <summary>SMS and WhatsApp messages come with a blank recipient when theirs is liquid: writing back what was read would stop them.</summary>
    public static JsonObject Of(JsonObject action)
    {
        if (
            ContentEdit.Type(action) is not ("twilio" or "whatsapp")
            || action["recipient"]?.GetValue<string>().Contains("{{", StringComparison.Ordinal) != true)
        {
            return action;
        }

        var shown = (JsonObject)action.DeepClone();
        shown["recipient"] = "";
        return shown;
    }
}
