using Sluice.DuckDb.Native;

namespace Sluice.DuckDb.Columns;

/// <summary>BIT as text of 0 and 1.</summary>
internal sealed unsafe class BitReader : TypedColumnReader<string>
{
    internal override string Read(long row)
    {
        // The first byte counts the unused high bits of the second.
        var bytes = NativeString.Bytes((NativeString*)Data + row);
        var padding = bytes[0];
        var text = new char[((bytes.Length - 1) * 8) - padding];
        for (var i = 0; i < text.Length; i++)
        {
            var bit = i + padding;
            text[i] = (bytes[1 + (bit >> 3)] & (0x80 >> (bit & 7))) != 0 ? '1' : '0';
        }
        return new string(text);
    }
}
