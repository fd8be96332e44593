using Microsoft.AspNetCore.Http;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.Faults;

/// <summary>One way for a request to go wrong: before the handler, in the response, or on the wire.</summary>
internal abstract class Fault
{
    /// <summary>Whether the fault can occur in this request at all.</summary>
    public virtual bool Applies(SimulatedRequest request) => true;

    /// <summary>The request that the handler sees.</summary>
    public virtual SimulatedRequest RewriteRequest(SimulatedRequest request) => request;

    /// <summary>Waits or drops the connection before the handler runs; true if the request is finished.</summary>
    public virtual Task<bool> BeforeAsync(SimulatedRequest request, TimeProvider time, CancellationToken cancellationToken) => Task.FromResult(false);

    /// <summary>A response instead of the handler's.</summary>
    public virtual ApiResponse? Respond(SimulatedRequest request) => null;

    /// <summary>Changes the handler's response.</summary>
    public virtual void RewriteResponse(SimulatedRequest request, ApiResponse response)
    {
    }

    /// <summary>Sends the body in its own way; true if it did.</summary>
    public virtual Task<bool> SendAsync(HttpContext http, ReadOnlyMemory<byte> body, TimeProvider time, CancellationToken cancellationToken)
        => Task.FromResult(false);
}
