namespace Sluice.Simulator.Data;

/// <summary>A seeded hash: the same (stream, index) always gives the same number, so nothing needs to be stored.</summary>
internal readonly struct SeededRandom(long seed)
{
    private readonly ulong _seed = Mix((ulong)seed + 0x9E3779B97F4A7C15UL);

    public ulong Hash(RandomStream stream, long index) => Mix(_seed ^ Mix((ulong)index * 64 + (ulong)stream));

    public int Below(int limit, RandomStream stream, long index) => (int)(Hash(stream, index) % (ulong)limit);

    public bool OneIn(int n, RandomStream stream, long index) => Hash(stream, index) % (ulong)n == 0;

    /// <summary>A number from 0 (inclusive) to 1 (exclusive).</summary>
    public double Unit(RandomStream stream, long index) => (Hash(stream, index) >> 11) * (1.0 / (1UL << 53));

    public T Pick<T>(IReadOnlyList<T> from, RandomStream stream, long index) => from[Below(from.Count, stream, index)];

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
        return value ^ (value >> 31);
    }
}

/// <summary>What a random number is for, so that two decisions about one row are independent.</summary>
internal enum RandomStream
{
    PersonId,
    PersonEmail,
    PersonAttribute,
    PersonValue,
    PersonDevice,
    PersonUnsubscribed,
    Segment,
    DeliverySlot,
    DeliveryBurst,
    DeliveryKind,
    DeliveryParent,
    DeliveryAction,
    DeliveryPerson,
    DeliveryFate,
    DeliveryDelivered,
    DeliveryOpened,
    DeliveryClicked,
    DeliveryMachine,
    DeliveryConverted,
    DeliveryForgotten,
    DeliveryDraft,
    DeliveryId,
    ActivitySlot,
    ActivityType,
    ActivityPerson,
    ActivityData,
    ActivityId,
    Object,
    Relationship,
    Parent,
    Latency,
    Fault,
    Response,
    Link,
}
