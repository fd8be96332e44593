namespace Sluice.Simulator.Data;

/// <summary>Everything that has ever sent, by kind and first delivery: what a delivery of a given second may come from.</summary>
internal sealed class DeliveryParents
{
    private readonly Dictionary<ParentKind, DeliveryParent[]> _byKind;

    public DeliveryParents(IEnumerable<DeliveryParent> parents)
        => _byKind = parents.Where(parent => parent.Parts.Count > 0)
            .GroupBy(parent => parent.Kind)
            .ToDictionary(group => group.Key, group => group.OrderBy(parent => parent.FirstDelivery).ToArray());

    public DeliveryParent? Find(ParentKind kind, int id)
        => _byKind.TryGetValue(kind, out var parents) ? Array.Find(parents, parent => parent.Id == id) : null;

    public DeliveryParent Choose(Dice dice, long index, long second)
    {
        var roll = dice.Below(100, Purpose.DeliveryKind, index);
        var kind = roll < 60 ? ParentKind.Campaign
            : roll < 70 ? ParentKind.Broadcast
            : roll < 88 ? ParentKind.Newsletter
            : ParentKind.Transactional;
        var parents = _byKind.GetValueOrDefault(kind) ?? [];
        var started = Started(parents, second);
        if (started == 0)
        {
            return _byKind[ParentKind.Campaign][0];
        }

        // A newsletter is sent once: its deliveries come soon after it.
        var from = kind == ParentKind.Newsletter ? Math.Max(0, started - 2) : 0;
        return parents[from + dice.Below(started - from, Purpose.DeliveryParent, index)];
    }

    private static int Started(DeliveryParent[] parents, long second)
    {
        var low = 0;
        var high = parents.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (parents[middle].FirstDelivery <= second)
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
