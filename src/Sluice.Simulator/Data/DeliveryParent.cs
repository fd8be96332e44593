namespace Sluice.Simulator.Data;

/// <summary>Something that sends, as the deliveries see it; it stays what it was at the start, so that past deliveries never change.</summary>
internal sealed record DeliveryParent(ParentKind Kind, int Id, long FirstDelivery, IReadOnlyList<MessagePart> Parts, bool EventTriggered);
