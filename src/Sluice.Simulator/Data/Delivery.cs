namespace Sluice.Simulator.Data;

/// <summary>One message to one person; everything else about it follows from these by <see cref="DeliveryMetrics"/>.</summary>
internal readonly record struct Delivery(long Index, long Created, DeliveryParent Parent, MessagePart Part, long Person, bool Draft)
{
    public bool IsCampaign => Parent.Kind == ParentKind.Campaign;

    public int? ActionId => Parent.Kind is ParentKind.Campaign or ParentKind.Broadcast ? Part.Id : null;

    public int? ContentId => Parent.Kind == ParentKind.Newsletter ? Part.Id : null;

    public int? IdIf(ParentKind kind) => Parent.Kind == kind ? Parent.Id : null;
}
