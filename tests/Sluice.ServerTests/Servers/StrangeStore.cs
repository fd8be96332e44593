using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Sluice.ServerTests.Servers;

/// <summary>Speaks S3 in a way of its own: keeps what it likes of a body, gives the ETags it likes, and removes objects one by one only.</summary>
public sealed class StrangeStore : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, byte[]> _objects = new(StringComparer.Ordinal);
    private readonly WebApplication _app;

    /// <summary>Starts it.</summary>
    public StrangeStore()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(AnswerAsync);
        _app.Start();
    }

    /// <summary>The port on 127.0.0.1.</summary>
    public int Port => new Uri(_app.Urls.First()).Port;

    /// <summary>What is kept of the content that is put under a key.</summary>
    public Func<string, byte[], byte[]> Keeps { get; init; } = (_, body) => body;

    /// <summary>The ETag of a content.</summary>
    public Func<byte[], string> ETag { get; init; } = Md5;

    /// <summary>How it says that it encrypts; null when it does not.</summary>
    public string? Encryption { get; init; }

    /// <summary>The keys of the objects, with the bucket.</summary>
    public IEnumerable<string> Keys => _objects.Keys;

    /// <summary>The requests that came: method and key.</summary>
    public ConcurrentBag<string> Requests { get; } = [];

    /// <summary>The sum that Amazon gives as the ETag of a small object.</summary>
    [SuppressMessage("Security", "CA5351:Do Not Use Broken Cryptographic Algorithms", Justification = "It is what stores give.")]
    public static string Md5(byte[] body) => $"\"{Convert.ToHexStringLower(MD5.HashData(body))}\"";

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var (request, answer) = (context.Request, context.Response);
        var key = request.Path.Value!;
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        Requests.Add($"{request.Method} {key}");
        var content = request.Method switch
        {
            "PUT" => _objects[key] = Keeps(key, body.ToArray()),
            "GET" when request.Query.ContainsKey("list-type") => List(),
            "GET" or "HEAD" => _objects.GetValueOrDefault(key),
            "DELETE" => [],
            _ => null,
        };
        answer.StatusCode = content is null ? (request.Method == "POST" ? 501 : 404) : 200;
        if (request.Method == "DELETE")
        {
            _objects.TryRemove(key, out _);
        }
        else if (content is not null)
        {
            answer.Headers.ETag = ETag(content);
            answer.Headers.LastModified = "Thu, 01 Jan 2026 00:00:00 GMT";
        }

        if (Encryption is not null)
        {
            answer.Headers["x-amz-server-side-encryption"] = Encryption;
        }

        answer.ContentLength = request.Method == "PUT" ? 0 : content?.Length ?? 0;
        if (request.Method == "GET" && content is not null)
        {
            await answer.Body.WriteAsync(content);
        }
    }

    private byte[] List()
    {
        var entries = _objects.Keys.Order(StringComparer.Ordinal)
            .Select(key => $"<Contents><Key>{key[(key.IndexOf('/', 1) + 1)..]}</Key><Size>1</Size></Contents>");
        return Encoding.UTF8.GetBytes($"<ListBucketResult><IsTruncated>false</IsTruncated>{string.Concat(entries)}</ListBucketResult>");
    }
}
