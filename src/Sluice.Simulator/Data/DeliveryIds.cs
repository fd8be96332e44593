using System.Buffers.Binary;

namespace Sluice.Simulator.Data;

/// <summary>Delivery ids that look like the vendor's (26 bytes in base64) and can be turned back into the index.</summary>
internal static class DeliveryIds
{
    public static string Encode(Dice dice, long index)
    {
        Span<byte> bytes = stackalloc byte[26];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, (ulong)index ^ dice.Roll(Purpose.DeliveryId, -1));
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], dice.Roll(Purpose.DeliveryId, index));
        BinaryPrimitives.WriteUInt64BigEndian(bytes[16..], dice.Roll(Purpose.DeliveryId, ~index));
        return Convert.ToBase64String(bytes).Replace('+', '-').Replace('/', '_');
    }

    public static long? Decode(Dice dice, string id)
    {
        Span<byte> bytes = stackalloc byte[32];
        if (id.Length != 36 || !Convert.TryFromBase64String(id.Replace('-', '+').Replace('_', '/'), bytes, out var length) || length != 26)
        {
            return null;
        }

        var index = (long)(BinaryPrimitives.ReadUInt64BigEndian(bytes) ^ dice.Roll(Purpose.DeliveryId, -1));
        return Encode(dice, index) == id ? index : null;
    }
}
