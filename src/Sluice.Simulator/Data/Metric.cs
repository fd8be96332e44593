using System.Runtime.CompilerServices;

namespace Sluice.Simulator.Data;

/// <summary>The events of a delivery, in the order of the API.</summary>
internal enum Metric
{
    Attempted,
    Bounced,
    Clicked,
    HumanClicked,
    PrefetchClicked,
    Converted,
    Created,
    Deferred,
    Delivered,
    Drafted,
    Dropped,
    Failed,
    Opened,
    HumanOpened,
    PrefetchOpened,
    Sent,
    Spammed,
    Suppressed,
    Undeliverable,
    TopicUnsubscribed,
    Unsubscribed,
}

/// <summary>The API's name of each metric and where it can be used.</summary>
internal static class MetricNames
{
    public static readonly IReadOnlyList<string> All =
    [
        "attempted", "bounced", "clicked", "human_clicked", "prefetch_clicked", "converted", "created", "deferred", "delivered", "drafted",
        "dropped", "failed", "opened", "human_opened", "prefetch_opened", "sent", "spammed", "suppressed", "undeliverable", "topic_unsubscribed",
        "unsubscribed",
    ];

    /// <summary>The metrics of a series: the schema does not have <c>dropped</c> there.</summary>
    public static readonly IReadOnlyList<Metric> InSeries = [.. Enum.GetValues<Metric>().Where(metric => metric != Metric.Dropped)];

    private static readonly HashSet<string> Filters =
    [
        "attempted",
        "sent",
        "delivered",
        "opened",
        "clicked",
        "converted",
        "bounced",
        "spammed",
        "unsubscribed",
        "dropped",
        "failed",
        "undeliverable",
    ];

    public static string Of(Metric metric) => All[(int)metric];

    /// <summary>The metric that a list can be filtered by, or null if the API does not know the name.</summary>
    public static Metric? Filter(string name)
        => Filters.Contains(name) ? (Metric)All.ToList().IndexOf(name) : null;
}

/// <summary>The second at which each event of a delivery occurred; 0 is never.</summary>
[InlineArray(21)]
internal struct MetricTimes
{
    private long _first;

    public readonly long this[Metric metric] => this[(int)metric];

    public void Set(Metric metric, long second) => this[(int)metric] = second;
}
