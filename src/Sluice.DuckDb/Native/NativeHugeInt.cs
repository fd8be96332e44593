using System.Runtime.InteropServices;

namespace Sluice.DuckDb.Native;

/// <summary>128 bits, signed or not, as libduckdb passes them by value.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct NativeHugeInt(ulong lower, ulong upper)
{
    public readonly ulong Lower = lower;
    public readonly ulong Upper = upper;

    public NativeHugeInt(Int128 value)
        : this(unchecked((ulong)value), unchecked((ulong)(value >> 64)))
    {
    }

    public NativeHugeInt(UInt128 value)
        : this(unchecked((ulong)value), (ulong)(value >> 64))
    {
    }

    public Int128 ToInt128() => new(Upper, Lower);

    public UInt128 ToUInt128() => new(Upper, Lower);
}
