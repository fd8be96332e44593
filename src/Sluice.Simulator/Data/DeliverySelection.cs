namespace Sluice.Simulator.Data;

/// <summary>Which deliveries are meant: a window of creation seconds (both inclusive), and a parent, a part of one or a person.</summary>
internal sealed record DeliverySelection(long From, long Until)
{
    public ParentKind? Kind { get; init; }

    public int? ParentId { get; init; }

    public int? PartId { get; init; }

    public long? Person { get; init; }

    public bool Covers(in Delivery delivery)
        => (Kind is null || delivery.Parent.Kind == Kind)
            && (ParentId is null || delivery.Parent.Id == ParentId)
            && (PartId is null || delivery.Part.Id == PartId)
            && (Person is null || delivery.Person == Person);
}
