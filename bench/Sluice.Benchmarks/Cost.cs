using System.Globalization;

namespace Sluice.Benchmarks;

/// <summary>What something cost, by the clock and by the processor time of this process, in seconds.</summary>
internal sealed record Cost(double Seconds, double Cpu)
{
    public static Cost Best(IReadOnlyCollection<Cost> costs) => new(costs.Min(cost => cost.Seconds), costs.Min(cost => cost.Cpu));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Seconds:F2} s ({Cpu:F2} s of processor)");
}
