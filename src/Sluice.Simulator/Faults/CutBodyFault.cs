using Microsoft.AspNetCore.Http;

namespace Sluice.Simulator.Faults;

/// <summary>Promises the whole body and drops the connection after half of it.</summary>
internal sealed class CutBodyFault : Fault
{
    public override async Task<bool> SendAsync(HttpContext http, ReadOnlyMemory<byte> body, TimeProvider time, CancellationToken cancellationToken)
    {
        await http.Response.BodyWriter.WriteAsync(body[..(body.Length / 2)], cancellationToken);
        await http.Response.BodyWriter.FlushAsync(cancellationToken);
        // Without a pause the reset overtakes the bytes, and the client sees a connection without an answer.
        await Task.Delay(TimeSpan.FromMilliseconds(100), time, cancellationToken);
        http.Abort();
        return true;
    }
}
