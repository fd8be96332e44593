using System.Globalization;
using System.IO.Compression;
using Microsoft.AspNetCore.Http;

namespace Sluice.Simulator.Http;

/// <summary>Puts an answer on the wire: headers, the simulated date, gzip when asked for.</summary>
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

    public static async Task SendLinesAsync(HttpContext http, Answer answer, CancellationToken cancellationToken)
    {
        http.Response.ContentType = answer.ContentType;
        foreach (var line in answer.Lines!)
        {
            await http.Response.BodyWriter.WriteAsync(line, cancellationToken);
        }
    }

    /// <summary>Sends a part of a file without holding it.</summary>
    public static async Task SendPartAsync(HttpContext http, Answer answer, FilePart part, DateTimeOffset date, CancellationToken cancellationToken)
    {
        Prepare(http, answer, date);
        http.Response.ContentType = answer.ContentType;
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

    /// <summary>Sets the status and all headers, and gives the bytes to send.</summary>
    public static ReadOnlyMemory<byte> Prepare(HttpContext http, Answer answer, DateTimeOffset date)
    {
        var response = http.Response;
        response.StatusCode = answer.Status;
        response.Headers.Date = date.ToString("R", CultureInfo.InvariantCulture);
        foreach (var (name, value) in answer.Headers)
        {
            response.Headers[name] = value;
        }

        if (answer.Status == 204 || answer.Body.IsEmpty)
        {
            response.ContentLength = answer.Status == 204 ? null : 0;
            return default;
        }

        response.ContentType = answer.ContentType;
        var body = answer.Body;
        if (!answer.IsRaw && body.Length >= WorthCompressing && AcceptsGzip(http.Request) && !answer.Headers.ContainsKey("Content-Encoding"))
        {
            body = Compress(body.Span);
            response.Headers.ContentEncoding = "gzip";
        }

        response.ContentLength = body.Length;
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
