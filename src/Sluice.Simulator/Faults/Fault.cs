using Microsoft.AspNetCore.Http;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.Faults;

/// <summary>One way for an exchange to go wrong; it takes part before the handler, on the answer, or on the wire.</summary>
internal abstract class Fault
{
    /// <summary>Whether this exchange can show the fault at all.</summary>
    public virtual bool Applies(Visit visit) => true;

    /// <summary>The request as the handler is to see it.</summary>
    public virtual Visit Incoming(Visit visit) => visit;

    /// <summary>Waits or drops the connection before the handler runs; true when nothing is left to do.</summary>
    public virtual Task<bool> BeforeAsync(Visit visit, TimeProvider time, CancellationToken cancellationToken) => Task.FromResult(false);

    /// <summary>An answer in place of the handler's.</summary>
    public virtual Answer? Instead(Visit visit) => null;

    /// <summary>Changes the handler's answer.</summary>
    public virtual void Alter(Visit visit, Answer answer)
    {
    }

    /// <summary>Sends the bytes in its own way; true when it has.</summary>
    public virtual Task<bool> SendAsync(HttpContext http, ReadOnlyMemory<byte> body, TimeProvider time, CancellationToken cancellationToken)
        => Task.FromResult(false);
}
