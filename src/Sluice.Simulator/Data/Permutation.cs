namespace Sluice.Simulator.Data;

/// <summary>Maps an endless sequence of indexes to n items, each once a round in a pseudorandom order, and back to an item's indexes.</summary>
internal sealed class Permutation
{
    private readonly long _count;
    private readonly long _factor;
    private readonly long _inverse;
    private readonly long _step;

    public Permutation(long count)
    {
        _count = count;
        _factor = Math.Max(1, (long)(count * 0.618));
        while (Gcd(_factor, count) != 1)
        {
            _factor++;
        }

        _step = (long)(count * 0.37) + 1;
        _inverse = InverseOf(_factor % count, count);
    }

    public long ItemAt(long index) => (index % _count * _factor + index / _count * _step) % _count;

    /// <summary>The indexes of an item from low (inclusive) to high (exclusive), in descending order.</summary>
    public IEnumerable<long> IndexesOf(long item, long low, long high)
    {
        if (item < 0 || item >= _count)
        {
            yield break;
        }

        for (var round = (high - 1) / _count; round >= 0 && (round + 1) * _count > low; round--)
        {
            var offset = ((item - round * _step) % _count + _count) % _count;
            var index = round * _count + offset * _inverse % _count;
            if (index >= low && index < high)
            {
                yield return index;
            }
        }
    }

    private static long Gcd(long a, long b) => b == 0 ? a : Gcd(b, a % b);

    private static long InverseOf(long value, long modulus)
    {
        (long previous, long current) = (0, 1);
        (long high, long low) = (modulus, value);
        while (low != 0)
        {
            var quotient = high / low;
            (previous, current) = (current, previous - quotient * current);
            (high, low) = (low, high - quotient * low);
        }

        return ((previous % modulus) + modulus) % modulus;
    }
}
