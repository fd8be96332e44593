using System.Globalization;
using System.IO.Compression;
using Microsoft.AspNetCore.Http;

namespace Sluice.Simulator.Http;

/// <summary>Puts an answer on the wire: headers, the simulated date, gzip when asked for.</summary>
internal static class Transport
{
    private const int WorthCompressing = 512;

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
        if (body.Length >= WorthCompressing && AcceptsGzip(http.Request) && !answer.Headers.ContainsKey("Content-Encoding"))
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
