using System.Text.Json.Nodes;

namespace Sluice.Simulator.Data;

/// <summary>A campaign or a broadcast with its actions.</summary>
internal sealed class Journey(ParentKind kind, int id, long created)
{
    public ParentKind Kind => kind;

    public int Id => id;

    public long Created => created;

    public JsonObject Row { get; set; } = [];

    public RecordTable Actions { get; } = new();

    /// <summary>The runs of a broadcast.</summary>
    public RecordTable Triggers { get; } = new();

    public List<MessagePart> Parts { get; } = [];

    public DeliveryParent ToParent(long firstDelivery, bool eventTriggered) => new(kind, id, firstDelivery, Parts, eventTriggered);
}
