namespace Sluice.Simulator.Data;

/// <summary>Splits the clicks of a parent's deliveries over their links.</summary>
internal static class LinkClicks
{
    /// <summary>By link id: what happened to the deliveries whose click went to that link.</summary>
    public static SortedDictionary<int, MetricSeries> Count(World world, DeliverySelection parent, string? type, long[] periods, long now)
    {
        var links = new SortedDictionary<int, MetricSeries>();
        foreach (var delivery in world.Deliveries.Newest(parent with { From = 0, Until = now }))
        {
            if (HasLinks(delivery) && (type is null || delivery.Part.Type == type))
            {
                var link = LinkOf(world.Dice, delivery);
                if (!links.TryGetValue(link, out var series))
                {
                    links[link] = series = new MetricSeries(periods);
                }

                series.Add(world, delivery, now);
            }
        }

        return links;
    }

    public static bool HasLinks(in Delivery delivery) => !delivery.Draft && delivery.Part.Type is "email" or "push" or "in_app" or "twilio";

    public static int LinkOf(Dice dice, in Delivery delivery) => delivery.Part.Id * 10 + dice.Below(2, Purpose.Link, delivery.Index);
}
