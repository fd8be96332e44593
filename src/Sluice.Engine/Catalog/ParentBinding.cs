namespace Sluice.Engine.Catalog;

/// <summary>How a resource is reached from the rows of another one.</summary>
public sealed record ParentBinding
{
    /// <summary>The name of the parent resource.</summary>
    public required string Resource { get; init; }

    /// <summary>The parent's column for each parameter of the path, or of the body where the body holds the parameter.</summary>
    public IReadOnlyDictionary<string, string> Route { get; init; } = new Dictionary<string, string>();

    /// <summary>The parent's column for each column of this table that is filled from the parent's row instead of the record.</summary>
    public IReadOnlyDictionary<string, string> Columns { get; init; } = new Dictionary<string, string>();
}
