namespace Sluice.Simulator.Data;

/// <summary>A phone or tablet that takes push messages.</summary>
internal sealed record Device(string Token, string Platform, long LastUsed, IReadOnlyDictionary<string, string> Attributes);
