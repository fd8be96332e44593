namespace Sluice.Destinations.ClickHouse;

/// <summary>Bytes that grow until they are sent.</summary>
internal sealed class RowBinaryBuffer(int size)
{
    private byte[] _bytes = new byte[size + (size / 8)];

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    public void Clear() => Length = 0;

    public void Byte(byte value) => Room(1)[0] = value;

    public void Raw(ReadOnlySpan<byte> value) => value.CopyTo(Room(value.Length));

    /// <summary>A text with its length in front, seven bits a byte.</summary>
    public void Text(ReadOnlySpan<byte> value)
    {
        var length = (uint)value.Length;
        for (; length >= 0x80; length >>= 7)
        {
            Byte((byte)(length | 0x80));
        }

        Byte((byte)length);
        Raw(value);
    }

    /// <summary>The next bytes, to be filled.</summary>
    public Span<byte> Room(int count)
    {
        if (Length + count > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + count));
        }

        Length += count;
        return _bytes.AsSpan(Length - count, count);
    }
}
