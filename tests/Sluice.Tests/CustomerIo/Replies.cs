using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Sluice.Tests.CustomerIo;

/// <summary>What a scripted server can do to a request.</summary>
internal static class Replies
{
    public static RequestDelegate Json(string body, int status = 200) => Text(body, status, "application/json");

    public static RequestDelegate Text(string body, int status, string contentType) => Bytes(Encoding.UTF8.GetBytes(body), status, contentType);

    public static RequestDelegate Bytes(byte[] body, int status = 200, string? contentType = "application/json") => async context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body);
    };

    public static RequestDelegate Status(int status, params (string Name, string Value)[] headers) => context =>
    {
        context.Response.StatusCode = status;
        foreach ((string name, string value) in headers)
        {
            context.Response.Headers[name] = value;
        }

        return Task.CompletedTask;
    };

    public static RequestDelegate Gzip(string body, int bytesMissing = 0) => async context =>
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(body));
        }

        context.Response.Headers.ContentEncoding = "gzip";
        await Bytes(packed.ToArray()[..^bytesMissing])(context);
    };

    public static RequestDelegate Reset() => context =>
    {
        context.Abort();
        return Task.CompletedTask;
    };

    public static RequestDelegate Hang(string? start = null) => async context =>
    {
        if (start is not null)
        {
            await context.Response.WriteAsync(start);
            await context.Response.Body.FlushAsync();
        }

        await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
    };
}
