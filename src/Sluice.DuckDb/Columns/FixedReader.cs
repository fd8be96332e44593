namespace Sluice.DuckDb.Columns;

/// <summary>Numbers that lie in the vector as they are in .NET.</summary>
internal sealed unsafe class FixedReader<T> : TypedColumnReader<T>
    where T : unmanaged
{
    internal override T Read(long row) => ((T*)Data)[row];
}
