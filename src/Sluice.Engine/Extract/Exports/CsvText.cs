using System.Buffers;

namespace Sluice.Engine.Extract.Exports;

/// <summary>Writes values as CSV.</summary>
internal static class CsvText
{
    private static readonly SearchValues<byte> Special = SearchValues.Create("\",\r\n"u8);

    public static void Write(ReadOnlySpan<byte> value, IBufferWriter<byte> to)
    {
        if (!value.ContainsAny(Special))
        {
            to.Write(value);
            return;
        }

        to.Write("\""u8);
        for (var quote = value.IndexOf((byte)'"'); quote >= 0; quote = value.IndexOf((byte)'"'))
        {
            to.Write(value[..(quote + 1)]);
            to.Write("\""u8);
            value = value[(quote + 1)..];
        }

        to.Write(value);
        to.Write("\""u8);
    }
}
