namespace Sluice.Engine.Catalog;

/// <summary>How many parents one request may ask for at once, by an array in its body.</summary>
/// <param name="Key">
/// The array's key in the body, which holds nothing else; it is also the parameter's name in <see cref="ParentBinding.Route"/>.
/// </param>
/// <param name="MaxItems">The most entries that one request may hold.</param>
public sealed record BatchRule(string Key, int MaxItems);
