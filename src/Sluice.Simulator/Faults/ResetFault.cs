using Microsoft.AspNetCore.Http;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.Faults;

/// <summary>Drops the connection without an answer: before anything is done, or after it has been.</summary>
internal sealed class ResetFault(bool afterwards) : Fault
{
    public override Task<bool> BeforeAsync(Visit visit, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!afterwards)
        {
            visit.Http.Abort();
        }

        return Task.FromResult(!afterwards);
    }

    public override Task<bool> SendAsync(HttpContext http, ReadOnlyMemory<byte> body, TimeProvider time, CancellationToken cancellationToken)
    {
        http.Abort();
        return Task.FromResult(true);
    }
}
