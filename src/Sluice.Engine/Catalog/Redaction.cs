namespace Sluice.Engine.Catalog;

/// <summary>A column whose values can hold secrets.</summary>
/// <param name="Column">The column's name.</param>
/// <param name="Rule">What is taken out.</param>
public sealed record Redaction(string Column, RedactionRule Rule);
