namespace Sluice.Engine.Catalog;

// One embedded file: resources of one subject, and the column lists that several of them (in any file) share.
internal sealed record CatalogFile
{
    public IReadOnlyDictionary<string, IReadOnlyList<Column>>? ColumnSets { get; init; }

    public IReadOnlyList<Resource>? Resources { get; init; }
}
