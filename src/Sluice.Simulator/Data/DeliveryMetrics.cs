namespace Sluice.Simulator.Data;

/// <summary>The events of a delivery as a pure function of its index, including those in the future.</summary>
internal static class DeliveryMetrics
{
    private const long LatestAfter = 180L * 86400;
    private static readonly HashSet<string> Openable = ["email", "push", "in_app", "whatsapp", "inbox", "live_notification"];

    public static MetricTimes Of(SeededRandom random, in Delivery delivery)
    {
        var times = default(MetricTimes);
        times.Set(Metric.Created, delivery.Created);
        if (delivery.Draft)
        {
            times.Set(Metric.Drafted, delivery.Created);
            return times;
        }

        var index = delivery.Index;
        var fate = random.Below(1000, RandomStream.DeliveryFate, index);
        if (fate < 80)
        {
            Fail(ref times, fate, delivery.Created);
            return times;
        }

        times.Set(Metric.Sent, delivery.Created + 1 + fate % 5);
        if (delivery.Part.Type is not ("webhook" or "slack"))
        {
            times.Set(Metric.Delivered, times[Metric.Sent] + 5 + random.Below(600, RandomStream.DeliveryDelivered, index));
            if (delivery.IsTracked)
            {
                Respond(ref times, random, delivery);
            }
        }

        return times;
    }

    /// <summary>The reason for a failure, or null.</summary>
    public static string? FailureMessage(in MetricTimes times, long now)
        => Happened(times, Metric.Failed, now) ? "liquid: undefined variable customer.\"név\""
            : Happened(times, Metric.Bounced, now) ? "550 5.1.1 mailbox unavailable"
            : Happened(times, Metric.Undeliverable, now) ? "no address; message could not be addressed"
            : Happened(times, Metric.Dropped, now) ? "address suppressed"
            : null;

    public static bool Happened(in MetricTimes times, Metric metric, long now) => times[metric] != 0 && times[metric] <= now;

    /// <summary>The response class of a webhook, 2 to 5, or 0 if the delivery is not a sent webhook.</summary>
    public static int ResponseClass(SeededRandom random, in Delivery delivery, in MetricTimes times)
    {
        if (delivery.Part.Type != "webhook" || times[Metric.Sent] == 0)
        {
            return 0;
        }

        var roll = random.Below(100, RandomStream.Response, delivery.Index);
        return roll < 85 ? 2 : roll < 90 ? 3 : roll < 96 ? 4 : 5;
    }

    private static void Fail(ref MetricTimes times, int fate, long created)
    {
        if (fate < 20)
        {
            times.Set(Metric.Attempted, created + 2);
            times.Set(Metric.Failed, created + 30);
        }
        else if (fate < 40)
        {
            times.Set(Metric.Undeliverable, created + 1);
        }
        else if (fate < 70)
        {
            times.Set(Metric.Sent, created + 3);
            times.Set(Metric.Bounced, created + 65);
        }
        else
        {
            times.Set(Metric.Dropped, created + 1);
        }
    }

    private static void Respond(ref MetricTimes times, SeededRandom random, in Delivery delivery)
    {
        var index = delivery.Index;
        var luck = random.Unit(RandomStream.DeliveryOpened, index);
        var opens = Openable.Contains(delivery.Part.Type);
        if (luck > (opens ? 0.45 : 0.12))
        {
            return;
        }

        var machine = random.OneIn(4, RandomStream.DeliveryMachine, index);
        var opened = Math.Min(delivery.Created + LatestAfter, times[Metric.Delivered] + Delay(luck / 0.45));
        if (opens)
        {
            times.Set(Metric.Opened, opened);
            times.Set(machine ? Metric.PrefetchOpened : Metric.HumanOpened, opened);
        }

        Click(ref times, random, index, opened, machine, delivery.Created + LatestAfter);
    }

    private static void Click(ref MetricTimes times, SeededRandom random, long index, long opened, bool machine, long latest)
    {
        var luck = random.Unit(RandomStream.DeliveryClicked, index);
        if (luck < 0.35)
        {
            var clicked = Math.Min(latest, opened + 3 + Delay(luck / 0.35) / 8);
            times.Set(Metric.Clicked, clicked);
            times.Set(machine ? Metric.PrefetchClicked : Metric.HumanClicked, clicked);
            if (random.OneIn(4, RandomStream.DeliveryConverted, index))
            {
                times.Set(Metric.Converted, Math.Min(latest, clicked + 900));
            }
        }
        else if (luck > 0.98)
        {
            times.Set(Metric.Unsubscribed, opened + 20);
        }
        else if (luck > 0.97)
        {
            times.Set(Metric.Spammed, opened + 20);
        }
    }

    /// <summary>Seconds, log-uniform from half a minute to half a year.</summary>
    private static long Delay(double unit) => (long)(30 * Math.Exp(unit * Math.Log(500_000)));
}

/// <summary>Splits the clicks of a parent's deliveries over their links.</summary>
internal static class LinkClicks
{
    /// <summary>The events of the clicked deliveries, by link id.</summary>
    public static SortedDictionary<int, MetricSeries> Count(World world, DeliverySelection parent, string? type, long[] periods, long now)
    {
        var links = new SortedDictionary<int, MetricSeries>();
        foreach (var delivery in world.Deliveries.Newest(parent with { From = 0, Until = now }))
        {
            if (HasLinks(delivery) && (type is null || delivery.Part.Type == type))
            {
                var link = LinkOf(world.Random, delivery);
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

    public static int LinkOf(SeededRandom random, in Delivery delivery) => delivery.Part.Id * 10 + random.Below(2, RandomStream.Link, delivery.Index);
}
