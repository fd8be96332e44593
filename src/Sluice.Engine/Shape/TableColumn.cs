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
