using System.Diagnostics.Metrics;

namespace Sluice.Server.Metrics;

/// <summary>The labels of figures: names of syncs, pushes and tables, and words of ours; never anything of people.</summary>
internal static class MetricLabels
{
    public static Measurement<T> With<T>(T value, string kind, string name, (string Name, string Value)? more = null)
        where T : struct => more is { } label
        ? new(value, new("kind", kind), new("name", name), new KeyValuePair<string, object?>(label.Name, label.Value))
        : new(value, new("kind", kind), new KeyValuePair<string, object?>("name", name));
}
