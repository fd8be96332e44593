namespace Sluice.Engine.Catalog;

/// <summary>What was probably meant by a name that does not exist.</summary>
public static class Suggestion
{
    /// <summary>A question such as <c>Did you mean region?</c>, or null when no name comes near.</summary>
    public static string? For(string typed, IEnumerable<string> names)
    {
        var nearest = NameDistance.Nearest(typed, names, 2);
        return nearest.Count == 0 ? null : $"Did you mean {string.Join(" or ", nearest)}?";
    }
}
