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
        router.Get("/v1/broadcasts/{id}/triggers", Triggers);
    }

    public static Journey Campaign(Exchange exchange)
        => exchange.World.Campaigns.GetValueOrDefault(exchange.Number("id")) ?? throw ApiException.NotFound();

    public static Journey Broadcast(Exchange exchange)
        => exchange.World.Broadcasts.GetValueOrDefault(exchange.Number("id")) ?? throw ApiException.NotFound();

    public static JsonObject Action(Exchange exchange, Journey journey)
        => journey.Actions.Find(exchange.Number("action_id")) ?? throw ApiException.NotFound();

    private static IEnumerable<JsonObject> Rows(Dictionary<int, Journey> journeys)
        => journeys.Values.OrderBy(journey => journey.Id).Select(journey => journey.Row);

    private static void Actions(Exchange exchange, Journey journey, EndOfList end)
    {
        var after = exchange.Cursor()?.First ?? 0;
        exchange.Page(
            "actions", journey.Actions.After(after), ActionsPerPage, (writer, action) => action.Value.WriteTo(writer), action => (action.Key, 0), end);
    }

    private static void Triggers(Exchange exchange)
    {
        var broadcast = Broadcast(exchange);
        exchange.Whole("triggers", broadcast.Triggers.Rows);
    }
}
