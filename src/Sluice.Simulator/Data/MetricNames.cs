namespace Sluice.Simulator.Data;

/// <summary>The API's spelling of each metric and where it may be used.</summary>
internal static class MetricNames
{
    public static readonly IReadOnlyList<string> All =
    [
        "attempted", "bounced", "clicked", "human_clicked", "prefetch_clicked", "converted", "created", "deferred", "delivered", "drafted",
        "dropped", "failed", "opened", "human_opened", "prefetch_opened", "sent", "spammed", "suppressed", "undeliverable", "topic_unsubscribed",
        "unsubscribed",
    ];

    /// <summary>The metrics of a series: the schema declares no <c>dropped</c> there.</summary>
    public static readonly IReadOnlyList<Metric> InSeries = [.. Enum.GetValues<Metric>().Where(metric => metric != Metric.Dropped)];

    private static readonly HashSet<string> Filters =
    [
        "attempted", "sent", "delivered", "opened", "clicked", "converted", "bounced", "spammed", "unsubscribed", "dropped", "failed", "undeliverable",
    ];

    public static string Of(Metric metric) => All[(int)metric];

    /// <summary>The metric that a list may be filtered by, or null when the API does not know the name.</summary>
    public static Metric? Filter(string name)
        => Filters.Contains(name) ? (Metric)All.ToList().IndexOf(name) : null;
}
