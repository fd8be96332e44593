using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.Faults;

/// <summary>Waits for a while, then responds normally.</summary>
internal sealed class HangFault(TimeSpan span) : Fault
{
    public override async Task<bool> BeforeAsync(SimulatedRequest request, TimeProvider time, CancellationToken cancellationToken)
    {
        await Task.Delay(span, time, cancellationToken);
        return false;
    }
}

/// <summary>Drops the connection without a response, before or after the request is handled.</summary>
internal sealed class ResetFault(bool afterwards) : Fault
{
    public override Task<bool> BeforeAsync(SimulatedRequest request, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!afterwards)
        {
            request.Http.Abort();
        }

        return Task.FromResult(!afterwards);
    }

    public override Task<bool> SendAsync(HttpContext http, ReadOnlyMemory<byte> body, TimeProvider time, CancellationToken cancellationToken)
    {
        http.Abort();
        return Task.FromResult(true);
    }
}

/// <summary>Sends the body in ten pieces over a given time.</summary>
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

/// <summary>Announces the whole body but drops the connection after half of it.</summary>
internal sealed class CutBodyFault : Fault
{
    public override async Task<bool> SendAsync(HttpContext http, ReadOnlyMemory<byte> body, TimeProvider time, CancellationToken cancellationToken)
    {
        await http.Response.BodyWriter.WriteAsync(body[..(body.Length / 2)], cancellationToken);
        await http.Response.BodyWriter.FlushAsync(cancellationToken);
        // Without a pause the reset overtakes the bytes, and the client sees no response at all.
        await Task.Delay(TimeSpan.FromMilliseconds(100), time, cancellationToken);
        http.Abort();
        return true;
    }
}

/// <summary>A truncated gzip body in a complete HTTP message.</summary>
internal sealed class CutGzipFault : Fault
{
    public override void RewriteResponse(SimulatedRequest request, ApiResponse response)
    {
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(response.Body.Span);
        }

        response.Replace(buffer.ToArray().AsSpan(0, (int)buffer.Length / 2));
        response.Headers["Content-Encoding"] = "gzip";
    }
}
