using Sluice.Engine.Catalog;

namespace Sluice.Destinations.Relational;

/// <summary>A column that is written.</summary>
/// <param name="Name">Its name in the destination.</param>
/// <param name="Type">Its type there.</param>
/// <param name="Staged">Its name among the staged rows.</param>
internal sealed record LoadColumn(string Name, ColumnType Type, string Staged);
