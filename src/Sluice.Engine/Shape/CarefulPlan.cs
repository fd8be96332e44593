namespace Sluice.Engine.Shape;

/// <summary>What a careful reading makes of records.</summary>
/// <param name="Columns">All columns of the table, also those that the user does not keep: filters may need them.</param>
/// <param name="Options">The keys, and which columns are kept.</param>
/// <param name="Extras">The fields that have no column of their own.</param>
internal sealed record CarefulPlan(IReadOnlyList<TableColumn> Columns, ShapeOptions Options, IReadOnlySet<string> Extras)
{
    /// <summary>The column that tells of a field's values when they can't be kept: null if the user keeps none.</summary>
    public string? ColumnOf(string field) => Extras.Contains(field)
        ? Columns.FirstOrDefault(column => column.Origin == ColumnOrigin.Extra && Options.Keeps(column.Name))?.Name
        : Columns.FirstOrDefault(column => Options.Keeps(column.Name) && column.Sources.Any(source => string.Equals(source[0], field, StringComparison.Ordinal)))?.Name;
}
