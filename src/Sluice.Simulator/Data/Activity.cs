using System.Text.Json.Nodes;

namespace Sluice.Simulator.Data;

/// <summary>One line of the activity log; the person is an index, or a deleted one's key, or nobody.</summary>
internal sealed record Activity(long Index, long Timestamp, string Type, long? Person, PersonKey? Deleted)
{
    public string? Name { get; init; }

    public string? Url { get; init; }

    public string? DeliveryId { get; init; }

    public string? DeliveryType { get; init; }

    public JsonNode? Data { get; init; }
}
