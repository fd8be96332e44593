namespace Sluice.Engine.Catalog;

/// <summary>How a record that is several lists by name becomes rows: one for every entry of every list.</summary>
/// <param name="Name">The field that gets the list's name.</param>
/// <param name="Value">The field that gets the entry.</param>
public sealed record UnpivotRule(string Name, string Value);
