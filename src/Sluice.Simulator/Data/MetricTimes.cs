using System.Runtime.CompilerServices;

namespace Sluice.Simulator.Data;

/// <summary>The second at which each metric happened to a delivery; 0 is never.</summary>
[InlineArray(21)]
internal struct MetricTimes
{
    private long _first;

    public readonly long this[Metric metric] => this[(int)metric];

    public void Set(Metric metric, long second) => this[(int)metric] = second;
}
