namespace Sluice.Engine.Shape;

/// <summary>A change of a table's columns that records made necessary.</summary>
/// <param name="Table">The destination table.</param>
/// <param name="Column">The column's name in the destination.</param>
/// <param name="Change">What happened, in words: "added as BIGINT".</param>
public sealed record SchemaChange(string Table, string Column, string Change);
