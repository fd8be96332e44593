using System.Text.Json.Nodes;

namespace Sluice.Simulator.AppApi;

/// <summary>A workspace with its counts, as every key of the account sees it.</summary>
internal static class WorkspaceJson
{
    public static int IdOf(World world) => 130_001 + world.Number;

    public static JsonObject Of(World world)
    {
        var row = new JsonObject
        {
            ["name"] = $"Workspace {world.Number + 1}",
            ["messages_sent"] = world.Deliveries.CountAt(world.Clock.Seconds),
            ["billable_messages_sent"] = world.Deliveries.CountAt(world.Clock.Seconds) / 2,
            ["people"] = world.People.Count,
            ["object_types"] = world.Objects.Types.Count,
            ["objects"] = world.Objects.Count,
        };
        // The schema says integer, the vendor's example has text: the first workspace shows the one, the others the other.
        row.Insert(0, "id", world.Number == 0 ? JsonValue.Create(IdOf(world)) : JsonValue.Create($"{IdOf(world)}"));
        return row;
    }
}
