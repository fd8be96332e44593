using System.Text.Json;
using Sluice.Simulator.Data;

namespace Sluice.Simulator.Truth;

/// <summary>Counts a metric by scanning every delivery: slow, but independent of the endpoints.</summary>
internal static class TruthOfMetrics
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

/// <summary>The clicks of every delivery with their link, by scanning every delivery.</summary>
internal static class TruthOfLinks
{
    public static IEnumerable<Action<Utf8JsonWriter>> Clicks(World world)
    {
        var now = world.Clock.Seconds;
        var seeded = world.Deliveries.CountAt(now);
        for (long index = 0; index < seeded + world.Deliveries.Extra.Count; index++)
        {
            var delivery = index < seeded ? world.Deliveries.At(index) : world.Deliveries.Extra[(int)(index - seeded)];
            if (LinkClicks.HasLinks(delivery))
            {
                yield return writer => Write(writer, world, delivery, now);
            }
        }
    }

    private static void Write(Utf8JsonWriter writer, World world, in Delivery delivery, long now)
    {
        var times = world.Deliveries.MetricsOf(delivery);
        writer.WriteStartObject();
        writer.WriteString("kind", delivery.Parent.Kind.ToString().ToLowerInvariant());
        writer.WriteNumber("parent_id", delivery.Parent.Id);
        writer.WriteNumber("part_id", delivery.Part.Id);
        writer.WriteNumber("link_id", LinkClicks.LinkOf(world.Random, delivery));
        Write(writer, "clicked", times[Metric.Clicked], now);
        Write(writer, "human_clicked", times[Metric.HumanClicked], now);
        Write(writer, "machine_clicked", times[Metric.PrefetchClicked], now);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, string name, long second, long now)
    {
        if (second != 0 && second <= now)
        {
            writer.WriteNumber(name, second);
        }
    }
}
