using Sluice.Engine.Load.Staging;

namespace Sluice.Destinations.Files.Manifests;

/// <summary>The column that a field was given, as <c>_sluice_columns</c> has it elsewhere.</summary>
/// <param name="Field">The field; null for the column that holds all fields without one of their own.</param>
/// <param name="Column">The column.</param>
/// <param name="Type">Its type in DuckDB's words.</param>
/// <param name="RunId">The run that added it.</param>
/// <param name="AddedAt">When that was.</param>
internal sealed record ManifestField(string? Field, string Column, string Type, string RunId, DateTimeOffset AddedAt)
{
    public static ManifestField Of(MappedColumn column) => new(column.Field, column.Column, column.Type, column.RunId, column.AddedAt);

    public MappedColumn Mapped() => new(Field, Column, Type, RunId, AddedAt);
}
