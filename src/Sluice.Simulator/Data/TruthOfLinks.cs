using System.Text.Json;

namespace Sluice.Simulator.Data;

/// <summary>The clicks of every delivery with the link they went to, found by looking at every delivery.</summary>
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
        writer.WriteNumber("link_id", LinkClicks.LinkOf(world.Dice, delivery));
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
