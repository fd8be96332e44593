namespace Sluice.DuckDb.Columns;

internal sealed unsafe class BooleanReader : TypedColumnReader<bool>
{
    internal override bool Read(long row) => Data[row] != 0;
}
