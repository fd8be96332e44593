namespace Sluice.Simulator.Data;

/// <summary>Counts the events of a parent's deliveries per metric and period.</summary>
internal sealed class MetricSeries
{
    private const long LatestAfter = 190L * 86400;
    private readonly long[] _boundaries;

    public MetricSeries(long[] boundaries)
    {
        _boundaries = boundaries;
        Counts = new int[MetricNames.All.Count][];
        for (var metric = 0; metric < Counts.Length; metric++)
        {
            Counts[metric] = new int[boundaries.Length - 1];
        }

        Responses = [.. Enumerable.Range(0, 4).Select(_ => new int[boundaries.Length - 1])];
        Untracked = [.. Enumerable.Range(0, 6).Select(_ => new int[boundaries.Length - 1])];
    }

    /// <summary>By metric, then by period, oldest first.</summary>
    public int[][] Counts { get; }

    /// <summary>By response class from 2xx to 5xx, then by period.</summary>
    public int[][] Responses { get; }

    /// <summary>
    /// By period: replies, deliveries without tracked links, without tracked opens, those of people who opted out, and consent denied and granted.
    /// </summary>
    public int[][] Untracked { get; }

    public static MetricSeries Of(World world, DeliverySelection parent, string? type, long[] boundaries, long now)
    {
        var series = new MetricSeries(boundaries);
        foreach (var delivery in world.Deliveries.Newest(parent with { From = boundaries[0] - LatestAfter, Until = now }))
        {
            if (type is null || delivery.Part.Type == type)
            {
                series.Add(world, delivery, now);
            }
        }

        return series;
    }

    public void Add(World world, in Delivery delivery, long now)
    {
        var times = world.Deliveries.MetricsOf(delivery);
        for (var metric = Metric.Attempted; metric <= Metric.Unsubscribed; metric++)
        {
            if (DeliveryMetrics.Happened(times, metric, now))
            {
                Count(Counts[(int)metric], times[metric]);
            }
        }

        if (DeliveryMetrics.ResponseClass(world.Random, delivery, times) is var response && response > 0 && times[Metric.Sent] <= now)
        {
            Count(Responses[response - 2], times[Metric.Sent]);
        }

        if (DeliveryMetrics.Happened(times, Metric.Delivered, now))
        {
            AddTracking(delivery, times[Metric.Delivered]);
        }
    }

    private void AddTracking(in Delivery delivery, long second)
    {
        var isEmail = delivery.Part.Type == "email";
        bool[] happened =
        [
            delivery.Part.Type == "twilio" && delivery.Index % 5 == 0, isEmail && delivery.Index % 10 == 0, isEmail && delivery.Index % 7 == 0,
            isEmail && delivery.Index % 21 == 0, delivery.Index % 19 == 0, delivery.Index % 17 == 0,
        ];
        foreach (var (place, _) in happened.Index().Where(one => one.Item))
        {
            Count(Untracked[place], second);
        }
    }

    private void Count(int[] periods, long second)
    {
        var found = Array.BinarySearch(_boundaries, second);
        var period = found >= 0 ? found : ~found - 1;
        if (period >= 0 && period < periods.Length)
        {
            periods[period]++;
        }
    }
}
