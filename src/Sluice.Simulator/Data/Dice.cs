namespace Sluice.Simulator.Data;

/// <summary>A seeded hash: the same (purpose, index) always rolls the same number, so nothing needs to be stored.</summary>
internal readonly struct Dice(long seed)
{
    private readonly ulong _seed = Mix((ulong)seed + 0x9E3779B97F4A7C15UL);

    public ulong Roll(Purpose purpose, long index) => Mix(_seed ^ Mix((ulong)index * 64 + (ulong)purpose));

    public int Below(int limit, Purpose purpose, long index) => (int)(Roll(purpose, index) % (ulong)limit);

    public bool OneIn(int n, Purpose purpose, long index) => Roll(purpose, index) % (ulong)n == 0;

    /// <summary>A number from 0 (inclusive) to 1 (exclusive).</summary>
    public double Unit(Purpose purpose, long index) => (Roll(purpose, index) >> 11) * (1.0 / (1UL << 53));

    public T Pick<T>(IReadOnlyList<T> from, Purpose purpose, long index) => from[Below(from.Count, purpose, index)];

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
        return value ^ (value >> 31);
    }
}
