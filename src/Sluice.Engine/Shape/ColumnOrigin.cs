namespace Sluice.Engine.Shape;

/// <summary>Why a table has a column.</summary>
public enum ColumnOrigin
{
    /// <summary>The catalog says so.</summary>
    Catalog,

    /// <summary>Records brought a field that the catalog does not know.</summary>
    Field,

    /// <summary>It holds, as one JSON object, the fields that have no column of their own.</summary>
    Extra,
}
