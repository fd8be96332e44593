namespace Sluice.Simulator.Data;

/// <summary>Everything that sends deliveries, by kind and time of the first delivery.</summary>
internal sealed class DeliveryParents
{
    private readonly Dictionary<ParentKind, DeliveryParent[]> _byKind;

    public DeliveryParents(IEnumerable<DeliveryParent> parents)
        => _byKind = parents.Where(parent => parent.Parts.Count > 0)
            .GroupBy(parent => parent.Kind)
            .ToDictionary(group => group.Key, group => group.OrderBy(parent => parent.FirstDelivery).ToArray());

    public DeliveryParent? Find(ParentKind kind, int id)
        => _byKind.TryGetValue(kind, out var parents) ? Array.Find(parents, parent => parent.Id == id) : null;

    public DeliveryParent Choose(SeededRandom random, long index, long second)
    {
        var roll = random.Below(100, RandomStream.DeliveryKind, index);
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

        // A newsletter is sent once: its deliveries follow shortly after.
        var from = kind == ParentKind.Newsletter ? Math.Max(0, started - 2) : 0;
        return parents[from + random.Below(started - from, RandomStream.DeliveryParent, index)];
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

/// <summary>Something that sends deliveries; unaffected by later changes, so that past deliveries never change.</summary>
internal sealed record DeliveryParent(ParentKind Kind, int Id, long FirstDelivery, IReadOnlyList<MessagePart> Parts, bool EventTriggered);

/// <summary>The action of a campaign or broadcast, or the content of a newsletter or transactional message, that a delivery was sent by.</summary>
internal readonly record struct MessagePart(int Id, string Type, int? ParentActionId);

internal enum ParentKind
{
    Campaign,
    Broadcast,
    Newsletter,
    Transactional,
}
