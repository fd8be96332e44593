namespace Sluice.Simulator.Data;

/// <summary>The timestamps of an endless sequence of events as a non-decreasing function of the index, so a window is a binary search.</summary>
internal sealed class Timeline(SeededRandom random, RandomStream slot, long start, double spacing)
{
    private const int BurstLength = 16;

    public long At(long index)
    {
        var block = index / BurstLength;
        // Every eighth block has a single timestamp, as real sends do: rows with equal sort keys.
        if (random.OneIn(8, RandomStream.DeliveryBurst, block))
        {
            return start + (long)(block * BurstLength * spacing);
        }

        return start + (long)((index + random.Unit(slot, index)) * spacing);
    }

    /// <summary>The first index whose timestamp is at or after a second.</summary>
    public long FirstAtOrAfter(long second)
    {
        long low = 0;
        var high = Math.Max(2, (long)((second - start) / spacing) + BurstLength * 2);
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            if (At(middle) < second)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
