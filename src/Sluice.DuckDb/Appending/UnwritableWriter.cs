namespace Sluice.DuckDb.Appending;

/// <summary>A type that can't be appended; NULL can.</summary>
internal sealed class UnwritableWriter(string column, string typeName) : ColumnWriter(column, typeName)
{
    protected override void Store(long row, object value) => throw Refuse(value, "the type can't be appended, INSERT it");
}
