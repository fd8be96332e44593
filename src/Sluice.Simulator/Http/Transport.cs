using System.Globalization;
using System.IO.Compression;
using Microsoft.AspNetCore.Http;

namespace Sluice.Simulator.Http;

/// <summary>Sends a response: headers, the simulated date, gzip if accepted.</summary>
internal static class Transport
{
    private const int WorthCompressing = 512;
    private const int PartBuffer = 256 * 1024;

    public static async Task SendAsync(HttpContext http, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        if (body.Length > 0)
        {
            await http.Response.BodyWriter.WriteAsync(body, cancellationToken);
        }
    }

    public static async Task SendLinesAsync(HttpContext http, ApiResponse response, CancellationToken cancellationToken)
    {
        http.Response.ContentType = response.ContentType;
        foreach (var line in response.Lines!)
        {
            await http.Response.BodyWriter.WriteAsync(line, cancellationToken);
        }
    }

    /// <summary>Streams a part of a file.</summary>
    public static async Task SendPartAsync(
        HttpContext http, ApiResponse response, FilePart part, DateTimeOffset date, CancellationToken cancellationToken)
    {
        Prepare(http, response, date);
        http.Response.ContentType = response.ContentType;
        http.Response.ContentLength = part.Length;
        var buffer = new byte[PartBuffer];
        for (long sent = 0; sent < part.Length;)
        {
            var wanted = (int)Math.Min(buffer.Length, part.Length - sent);
            var read = await RandomAccess.ReadAsync(part.File, buffer.AsMemory(0, wanted), part.Offset + sent, cancellationToken);
            await http.Response.BodyWriter.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            sent += read;
        }
    }

    /// <summary>Sets the status and all headers, and returns the bytes to send.</summary>
    public static ReadOnlyMemory<byte> Prepare(HttpContext http, ApiResponse response, DateTimeOffset date)
    {
        var target = http.Response;
        target.StatusCode = response.Status;
        target.Headers.Date = date.ToString("R", CultureInfo.InvariantCulture);
        foreach (var (name, value) in response.Headers)
        {
            target.Headers[name] = value;
        }

        if (response.Status == 204 || response.Body.IsEmpty)
        {
            target.ContentLength = response.Status == 204 ? null : 0;
            return default;
        }

        target.ContentType = response.ContentType;
        var body = response.Body;
        if (!response.IsRaw && body.Length >= WorthCompressing && AcceptsGzip(http.Request) && !response.Headers.ContainsKey("Content-Encoding"))
        {
            body = Compress(body.Span);
            target.Headers.ContentEncoding = "gzip";
        }

        target.ContentLength = body.Length;
        return body;
    }

    private static bool AcceptsGzip(HttpRequest request)
        => request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase);

    private static byte[] Compress(ReadOnlySpan<byte> body)
    {
        using var buffer = new MemoryStream(body.Length / 4);
        using (var gzip = new GZipStream(buffer, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(body);
        }

        return buffer.ToArray();
    }
}
