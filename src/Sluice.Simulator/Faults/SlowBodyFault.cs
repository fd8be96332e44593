using Microsoft.AspNetCore.Http;

namespace Sluice.Simulator.Faults;

/// <summary>Sends the body in ten pieces, spread over a span.</summary>
internal sealed class SlowBodyFault(TimeSpan span) : Fault
{
    private const int Pieces = 10;

    public override async Task<bool> SendAsync(HttpContext http, ReadOnlyMemory<byte> body, TimeProvider time, CancellationToken cancellationToken)
    {
        var piece = Math.Max(1, (body.Length + Pieces - 1) / Pieces);
        for (var sent = 0; sent < body.Length; sent += piece)
        {
            await Task.Delay(span / Pieces, time, cancellationToken);
            await http.Response.BodyWriter.WriteAsync(body.Slice(sent, Math.Min(piece, body.Length - sent)), cancellationToken);
            await http.Response.BodyWriter.FlushAsync(cancellationToken);
        }

        return true;
    }
}
