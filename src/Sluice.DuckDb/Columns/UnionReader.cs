using Sluice.DuckDb.Native;

namespace Sluice.DuckDb.Columns;

/// <summary>A UNION: the value of the member that is set.</summary>
internal sealed class UnionReader(ColumnReader[] members) : ColumnReader
{
    private readonly FixedReader<byte> _tags = new();

    internal override Type FieldType => typeof(object);

    internal override void Attach(nint vector)
    {
        base.Attach(vector);
        _tags.Attach(NativeMethods.duckdb_struct_vector_get_child(vector, 0));
        for (var i = 0; i < members.Length; i++)
            members[i].Attach(NativeMethods.duckdb_struct_vector_get_child(vector, (ulong)i + 1));
    }

    internal override object Value(long row) => members[_tags.Read(row)].ValueOrNull(row) ?? DBNull.Value;
}
