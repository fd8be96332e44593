using Sluice.Engine.Catalog;

namespace Sluice.Engine.Extract;

/// <summary>What is read once in a run, whoever needs it: a resource, with its period where it has one.</summary>
internal sealed record FeedName(string Resource, MetricsPeriod? Period)
{
    /// <summary>The feed that holds a table's records: its own, or that of the resource it shares pages with.</summary>
    public static FeedName Of(Resource resource, MetricsPeriod? period) => new(resource.SharedWith ?? resource.Name, period);

    public override string ToString() => Period is { } period ? $"{Resource}_{period.ToString().ToLowerInvariant()}" : Resource;
}
