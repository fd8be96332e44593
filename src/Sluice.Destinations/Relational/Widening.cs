using Sluice.Engine.Catalog;

namespace Sluice.Destinations.Relational;

/// <summary>A column that gets a type which holds more.</summary>
/// <param name="Column">The column's name in the table.</param>
/// <param name="From">What it was.</param>
/// <param name="To">What it becomes.</param>
/// <param name="IsKey">Whether rows are known by it.</param>
internal sealed record Widening(string Column, ColumnType From, ColumnType To, bool IsKey);
