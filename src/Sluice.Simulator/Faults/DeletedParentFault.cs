using Sluice.Simulator.Http;

namespace Sluice.Simulator.Faults;

/// <summary>The parent of a child list was deleted between the listing and the question.</summary>
internal sealed class DeletedParentFault : Fault
{
    public override bool Applies(Visit visit)
        => visit.Route is { Segments.Length: >= 4 } route && route.Segments[2].StartsWith('{');

    public override Answer Instead(Visit visit)
    {
        var answer = new Answer();
        answer.Fail(ApiException.NotFound());
        return answer;
    }
}
