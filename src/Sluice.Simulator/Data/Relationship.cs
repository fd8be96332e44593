namespace Sluice.Simulator.Data;

/// <summary>One person's tie to one object.</summary>
internal sealed record Relationship(long Person, CioObject Object, IReadOnlyDictionary<string, string> Attributes, long Since);
