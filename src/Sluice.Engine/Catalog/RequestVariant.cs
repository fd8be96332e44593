namespace Sluice.Engine.Catalog;

/// <summary>One of several requests that are made one after another and whose records are merged by primary key.</summary>
public sealed record RequestVariant
{
    /// <summary>Query parameters that this variant adds to those of the resource.</summary>
    public IReadOnlyDictionary<string, string> Query { get; init; } = new Dictionary<string, string>();

    /// <summary>The body as JSON text with <c>{parameter}</c> where a route parameter goes, or null for the resource's own.</summary>
    public string? Body { get; init; }
}
