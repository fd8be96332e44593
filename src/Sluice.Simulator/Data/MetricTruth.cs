namespace Sluice.Simulator.Data;

/// <summary>Counts a metric by looking at every delivery: slow, and with nothing in common with the endpoints but the deliveries.</summary>
internal static class MetricTruth
{
    public static long Count(World world, string metric, string parent, int parentId, int? partId, long from, long until)
    {
        var (kind, wanted) = (Kind(parent), Named(metric));
        var now = world.Clock.Seconds;
        var seeded = world.Deliveries.CountAt(now);
        long count = 0;
        for (long index = 0; index < seeded + world.Deliveries.Extra.Count; index++)
        {
            var delivery = index < seeded ? world.Deliveries.At(index) : world.Deliveries.Extra[(int)(index - seeded)];
            if (delivery.Parent.Kind != kind || delivery.Parent.Id != parentId || (partId is not null && delivery.Part.Id != partId))
            {
                continue;
            }

            var second = world.Deliveries.MetricsOf(delivery)[wanted];
            count += second != 0 && second >= from && second < until && second <= now ? 1 : 0;
        }

        return count;
    }

    private static ParentKind Kind(string parent) => parent switch
    {
        "campaign" => ParentKind.Campaign,
        "broadcast" => ParentKind.Broadcast,
        "newsletter" => ParentKind.Newsletter,
        "transactional" => ParentKind.Transactional,
        _ => throw new ArgumentException($"No kind of parent '{parent}'; there are campaign, broadcast, newsletter, transactional.", nameof(parent)),
    };

    private static Metric Named(string metric)
    {
        var position = MetricNames.All.ToList().IndexOf(metric);
        return position < 0
            ? throw new ArgumentException($"No metric '{metric}'; there are {string.Join(", ", MetricNames.All)}.", nameof(metric))
            : (Metric)position;
    }
}
