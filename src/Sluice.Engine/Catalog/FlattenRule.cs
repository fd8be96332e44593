namespace Sluice.Engine.Catalog;

/// <summary>The object of a record whose members can become columns of their own.</summary>
/// <param name="Field">The record's field that holds the object.</param>
/// <param name="Prefix">What the columns' names begin with; empty for nothing.</param>
public sealed record FlattenRule(string Field, string Prefix);
