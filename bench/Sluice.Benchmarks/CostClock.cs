using System.Diagnostics;

namespace Sluice.Benchmarks;

/// <summary>Starts counting when it is made.</summary>
internal sealed class CostClock
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly double _cpu = Used();

    public Cost Cost => new(_clock.Elapsed.TotalSeconds, Used() - _cpu);

    private static double Used()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime.TotalSeconds;
    }
}
