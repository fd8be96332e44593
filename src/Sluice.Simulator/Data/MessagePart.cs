namespace Sluice.Simulator.Data;

/// <summary>What a delivery is made from: an action of a campaign or broadcast, or a content of a newsletter or transactional message.</summary>
internal readonly record struct MessagePart(int Id, string Type, int? ParentActionId);
