using Sluice.Engine.Catalog;

namespace Sluice.Engine.Shape;

/// <summary>A column as it stands in the destination, and where its value comes from.</summary>
/// <param name="Name">The name in the destination; unique without regard to case.</param>
/// <param name="Type">The type of its values.</param>
/// <param name="Sources">Paths in the record, tried in order; each a list of keys from the outside in.</param>
public sealed record TableColumn(string Name, ColumnType Type, IReadOnlyList<IReadOnlyList<string>> Sources);
