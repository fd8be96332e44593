using System.Text.Json.Nodes;

namespace Sluice.Simulator.Data;

/// <summary>A newsletter with its variants and its A/B test groups.</summary>
internal sealed class Newsletter(int id, long created, long? sentAt, string type)
{
    public int Id => id;

    public long Created => created;

    public long? SentAt => sentAt;

    public string Type => type;

    public JsonObject Row { get; set; } = [];

    public RecordTable Contents { get; } = new();

    /// <summary>Keyed by a group id that starts at 0 in every newsletter.</summary>
    public RecordTable TestGroups { get; } = new();
}
