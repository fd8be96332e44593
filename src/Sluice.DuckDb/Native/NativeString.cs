using System.Runtime.InteropServices;

namespace Sluice.DuckDb.Native;

/// <summary>duckdb_string_t: up to 12 bytes inside, else a prefix and a pointer.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal unsafe struct NativeString
{
    internal const int InlineCapacity = 12;

    [FieldOffset(0)]
    public uint Length;

    [FieldOffset(4)]
    public fixed byte Inlined[InlineCapacity];

    [FieldOffset(8)]
    public byte* Pointer;

    /// <summary>The bytes of a string that holds still in native memory.</summary>
    internal static ReadOnlySpan<byte> Bytes(NativeString* text) =>
        new(text->Length <= InlineCapacity ? text->Inlined : text->Pointer, checked((int)text->Length));
}
