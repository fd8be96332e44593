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
        router.Get("/v1/campaigns", exchange => exchange.Whole("campaigns", Rows(exchange.World.Campaigns)));
        router.Get("/v1/campaigns/{id}", exchange => exchange.One("campaign", Campaign(exchange).Row));
        router.Get("/v1/campaigns/{id}/actions", exchange => Actions(exchange, Campaign(exchange), EndOfList.Empty));
        router.Get("/v1/campaigns/{id}/actions/{action_id}", exchange => exchange.One("action", Action(exchange, Campaign(exchange))));
        router.Get("/v1/broadcasts", exchange => exchange.Whole("broadcasts", Rows(exchange.World.Broadcasts)));
        router.Get("/v1/broadcasts/{id}", exchange => exchange.One("broadcast", Broadcast(exchange).Row));
        router.Get("/v1/broadcasts/{id}/actions", exchange => Actions(exchange, Broadcast(exchange), EndOfList.Absent));
        router.Get("/v1/broadcasts/{id}/actions/{action_id}", exchange => exchange.One("action", Action(exchange, Broadcast(exchange))));
        router.Write("PUT", "/v1/campaigns/{id}/actions/{action_id}", exchange => Update(exchange, Action(exchange, Campaign(exchange))));
        router.Write("PUT", "/v1/broadcasts/{id}/actions/{action_id}", exchange => Update(exchange, Action(exchange, Broadcast(exchange))));
        Languages(router, "/v1/campaigns/{id}/actions/{action_id}", exchange => Action(exchange, Campaign(exchange)));
        Languages(router, "/v1/broadcasts/{id}/actions/{action_id}", exchange => Action(exchange, Broadcast(exchange)));
    }

    public static Journey Campaign(Exchange exchange)
        => exchange.World.Campaigns.GetValueOrDefault(exchange.Number("id")) ?? throw ApiException.NotFound();

    public static Journey Broadcast(Exchange exchange)
        => exchange.World.Broadcasts.GetValueOrDefault(exchange.Number("id")) ?? throw ApiException.NotFound();

    public static JsonObject Action(Exchange exchange, Journey journey)
        => journey.Actions.Find(exchange.Number("action_id")) ?? throw ApiException.NotFound();

    /// <summary>The translation of an action: here there is one of each action, in the action's own language.</summary>
    private static void Languages(Router router, string action, Func<Exchange, JsonObject> find)
    {
        router.Get(action + "/language/{language}", exchange => exchange.One("action", InLanguage(exchange, find(exchange))));
        router.Write("PUT", action + "/language/{language}", exchange => Update(exchange, InLanguage(exchange, find(exchange))));
    }

    private static JsonObject InLanguage(Exchange exchange, JsonObject action)
        => action["language"]?.GetValue<string>() == exchange.Text("language") ? action : throw ApiException.NotFound();

    private static void Update(Exchange exchange, JsonObject action)
    {
        RowEdit.Apply(action, exchange.Json(), "id", "campaign_id", "broadcast_id", "type", "deduplicate_id", "created");
        action["updated"] = exchange.Now;
        exchange.One("action", action);
    }

    private static IEnumerable<JsonObject> Rows(Dictionary<int, Journey> journeys)
        => journeys.Values.OrderBy(journey => journey.Id).Select(journey => journey.Row);

    private static void Actions(Exchange exchange, Journey journey, EndOfList end)
    {
        var after = exchange.Cursor()?.First ?? 0;
        exchange.Page(
            "actions", journey.Actions.After(after), ActionsPerPage, (writer, action) => action.Value.WriteTo(writer), action => (action.Key, 0), end);
    }
}
