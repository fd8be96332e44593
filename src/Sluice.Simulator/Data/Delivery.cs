using System.Buffers.Binary;

namespace Sluice.Simulator.Data;

/// <summary>One message to one person; <see cref="DeliveryMetrics"/> derives everything else from these fields.</summary>
internal readonly record struct Delivery(long Index, long Created, DeliveryParent Parent, MessagePart Part, long Person, bool Draft)
{
    /// <summary>Opens and clicks of an untracked message are never known.</summary>
    public bool IsTracked { get; init; } = true;

    public bool IsCampaign => Parent.Kind == ParentKind.Campaign;

    public int? ActionId => Parent.Kind is ParentKind.Campaign or ParentKind.Broadcast ? Part.Id : null;

    public int? ContentId => Parent.Kind == ParentKind.Newsletter ? Part.Id : null;

    public int? IdIf(ParentKind kind) => Parent.Kind == kind ? Parent.Id : null;
}

/// <summary>A filter on deliveries: a window of creation seconds (both inclusive), and a parent, one of its parts, or a person.</summary>
internal sealed record DeliverySelection(long From, long Until)
{
    public ParentKind? Kind { get; init; }

    public int? ParentId { get; init; }

    public int? PartId { get; init; }

    public long? Person { get; init; }

    public bool Covers(in Delivery delivery)
        => (Kind is null || delivery.Parent.Kind == Kind)
            && (ParentId is null || delivery.Parent.Id == ParentId)
            && (PartId is null || delivery.Part.Id == PartId)
            && (Person is null || delivery.Person == Person);
}

/// <summary>Delivery ids that look like the vendor's (26 bytes in base64) and can be decoded to the index.</summary>
internal static class DeliveryIds
{
    public static string Encode(SeededRandom random, long index)
    {
        Span<byte> bytes = stackalloc byte[26];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, (ulong)index ^ random.Hash(RandomStream.DeliveryId, -1));
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], random.Hash(RandomStream.DeliveryId, index));
        BinaryPrimitives.WriteUInt64BigEndian(bytes[16..], random.Hash(RandomStream.DeliveryId, ~index));
        return Convert.ToBase64String(bytes).Replace('+', '-').Replace('/', '_');
    }

    public static long? Decode(SeededRandom random, string id)
    {
        Span<byte> bytes = stackalloc byte[32];
        if (id.Length != 36 || !Convert.TryFromBase64String(id.Replace('-', '+').Replace('_', '/'), bytes, out var length) || length != 26)
        {
            return null;
        }

        var index = (long)(BinaryPrimitives.ReadUInt64BigEndian(bytes) ^ random.Hash(RandomStream.DeliveryId, -1));
        return Encode(random, index) == id ? index : null;
    }
}
