namespace Sluice.Simulator.Data;

/// <summary>Instants of an endless row of events as a pure function of the index, never decreasing, so a window is a binary search.</summary>
internal sealed class Timeline(Dice dice, Purpose slot, long start, double spacing)
{
    private const int BurstLength = 16;

    public long At(long index)
    {
        var block = index / BurstLength;
        // Every eighth block falls into a single second, because a send does: rows that tie on their timestamp.
        if (dice.OneIn(8, Purpose.DeliveryBurst, block))
        {
            return start + (long)(block * BurstLength * spacing);
        }

        return start + (long)((index + dice.Unit(slot, index)) * spacing);
    }

    /// <summary>The first index whose instant is at or after a second.</summary>
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
