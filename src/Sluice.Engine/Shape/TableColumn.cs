using Sluice.Engine.Catalog;

namespace Sluice.Engine.Shape;

/// <summary>A column as it stands in the destination, and where its value comes from.</summary>
/// <param name="Name">The name in the destination; unique without regard to case.</param>
/// <param name="Type">The type of its values.</param>
/// <param name="Sources">Paths in the record, tried in order; each a list of keys from the outside in.</param>
public sealed record TableColumn(string Name, ColumnType Type, IReadOnlyList<IReadOnlyList<string>> Sources)
{
    /// <summary>The name of the column that holds fields without a column of their own.</summary>
    public const string ExtraName = "_extra";

    /// <summary>Why the table has the column.</summary>
    public ColumnOrigin Origin { get; init; }

    /// <summary>Whether the type follows the values; the catalog's types and those that the user set stay.</summary>
    public bool MayWiden { get; init; }

    /// <summary>The field of the record that the column was made for; null for other columns.</summary>
    public string? Field => Origin == ColumnOrigin.Field ? Sources[0][0] : null;
}

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

/// <summary>What a destination remembers of a field: the column that it has been given for good.</summary>
/// <param name="Field">The field of the record; null for the column that holds all extra fields.</param>
/// <param name="Name">The column's name.</param>
/// <param name="Type">The type of the values so far, those included that are staged for this load.</param>
public sealed record KnownColumn(string? Field, string Name, ColumnType Type)
{
    /// <summary>The type in the destination's table; null if the table has no such column (any more).</summary>
    public ColumnType? InTable { get; init; }

    /// <summary>Whether the column was made for the field by Sluice; otherwise it only has the same name.</summary>
    public bool IsMapped { get; init; }

    /// <summary>Whether rows with the column are staged for this load by a run that was stopped.</summary>
    public bool IsStaged { get; init; }

    /// <summary>Whether a BIGINT column may hold values that a double does not hold exactly.</summary>
    public bool HoldsLongIntegers { get; init; }
}

/// <summary>A change of a table's columns that records made necessary.</summary>
/// <param name="Table">The destination table.</param>
/// <param name="Column">The column's name in the destination.</param>
/// <param name="Change">What happened, in words: "added as BIGINT".</param>
public sealed record SchemaChange(string Table, string Column, string Change);
