using Sluice.Simulator.Http;

namespace Sluice.Simulator.Faults;

/// <summary>A Date header that is behind the clock: what a client sees whose server, or a proxy before it, was set back.</summary>
internal sealed class LateDateFault(TimeSpan behind) : Fault
{
    public override void Alter(Visit visit, Answer answer) => answer.DateShift = -behind;
}
