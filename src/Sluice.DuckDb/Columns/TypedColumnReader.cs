namespace Sluice.DuckDb.Columns;

/// <summary>A column with one .NET type.</summary>
internal abstract class TypedColumnReader<T> : ColumnReader
    where T : notnull
{
    internal sealed override Type FieldType => typeof(T);

    internal abstract T Read(long row);

    internal sealed override object Value(long row) => Read(row);
}
