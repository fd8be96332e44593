namespace Sluice.Engine.Catalog;

/// <summary>What an export of deliveries can be of.</summary>
/// <param name="Option">The option that names it, which is also its key in the request's body.</param>
/// <param name="Binding">The list that has all of them, with the columns that are filled from it.</param>
/// <param name="NotBefore">The list's column before which no delivery can be.</param>
public sealed record ExportParent(string Option, ParentBinding Binding, string NotBefore);
