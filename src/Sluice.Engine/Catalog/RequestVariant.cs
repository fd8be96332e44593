namespace Sluice.Engine.Catalog;

/// <summary>One of several requests that are made one after another and whose records are merged by primary key.</summary>
public sealed record RequestVariant
{
    /// <summary>Query parameters that this variant adds to those of the resource.</summary>
    public IReadOnlyDictionary<string, string> Query { get; init; } = new Dictionary<string, string>();

    /// <summary>Parameters of the path that this variant fills.</summary>
    public IReadOnlyDictionary<string, string> Route { get; init; } = new Dictionary<string, string>();

    /// <summary>Columns that tell what was asked for, since the records do not: their text in every row of this variant.</summary>
    public IReadOnlyDictionary<string, string> Columns { get; init; } = new Dictionary<string, string>();

    /// <summary>The body as JSON text with <c>{parameter}</c> where a route parameter goes, or null for the resource's own.</summary>
    public string? Body { get; init; }
}
