using System.Numerics;
using Sluice.DuckDb.Native;

namespace Sluice.DuckDb.Columns;

/// <summary>BIGNUM: three header bytes, then the magnitude, big-endian; a negative number has every bit flipped.</summary>
internal sealed unsafe class BigNumReader : TypedColumnReader<BigInteger>
{
    private const int HeaderLength = 3;
    private const byte PositiveBit = 0x80;

    internal override BigInteger Read(long row)
    {
        var bytes = NativeString.Bytes((NativeString*)Data + row);
        var magnitude = bytes[HeaderLength..].ToArray();
        if ((bytes[0] & PositiveBit) != 0)
            return new BigInteger(magnitude, isUnsigned: true, isBigEndian: true);
        for (var i = 0; i < magnitude.Length; i++)
            magnitude[i] = (byte)~magnitude[i];
        return -new BigInteger(magnitude, isUnsigned: true, isBigEndian: true);
    }
}
