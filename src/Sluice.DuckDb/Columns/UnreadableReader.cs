namespace Sluice.DuckDb.Columns;

/// <summary>A type that has no .NET counterpart: the rest of the row can still be read.</summary>
internal sealed class UnreadableReader(string typeName) : ColumnReader
{
    internal override Type FieldType => typeof(object);

    internal override object Value(long row) =>
        throw new NotSupportedException($"Values of type {typeName} can't be read: CAST them to JSON or VARCHAR in the query.");
}
