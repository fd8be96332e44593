using Sluice.Simulator.Http;

namespace Sluice.Simulator.Faults;

/// <summary>A good body under a wrong content type.</summary>
internal sealed class ContentTypeFault(string contentType) : Fault
{
    public override void Alter(Visit visit, Answer answer) => answer.ContentType = contentType;
}
