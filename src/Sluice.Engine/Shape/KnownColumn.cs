using Sluice.Engine.Catalog;

namespace Sluice.Engine.Shape;

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
