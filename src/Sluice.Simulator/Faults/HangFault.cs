using Sluice.Simulator.Http;

namespace Sluice.Simulator.Faults;

/// <summary>Says nothing for a while, then answers as if nothing had been.</summary>
internal sealed class HangFault(TimeSpan span) : Fault
{
    public override async Task<bool> BeforeAsync(Visit visit, TimeProvider time, CancellationToken cancellationToken)
    {
        await Task.Delay(span, time, cancellationToken);
        return false;
    }
}
