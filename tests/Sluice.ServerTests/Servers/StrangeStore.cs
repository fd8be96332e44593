using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Sluice.ServerTests.Servers;

/// <summary>Speaks S3 in a way of its own: keeps what it likes of a body, gives the ETags it likes, and removes objects one by one only.</summary>
public sealed class StrangeStore : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, byte[]> _objects = new(StringComparer.Ordinal);
    private readonly HttpListener _listener = new();
    private readonly Task _accepting;

    /// <summary>Starts it.</summary>
    public StrangeStore()
    {
        Port = ServerPort.Free();
        _listener.Prefixes.Add($"http://127.0.0.1:{Port}/");
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>The port on 127.0.0.1.</summary>
    public int Port { get; }

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

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
        _listener.Close();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                await AnswerAsync(await _listener.GetContextAsync());
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        var (request, answer) = (context.Request, context.Response);
        var key = Uri.UnescapeDataString(request.Url!.AbsolutePath);
        using var body = new MemoryStream();
        await request.InputStream.CopyToAsync(body);
        Requests.Add($"{request.HttpMethod} {key}");
        var content = request.HttpMethod switch
        {
            "PUT" => _objects[key] = Keeps(key, body.ToArray()),
            "GET" when request.QueryString["list-type"] is not null => List(),
            "GET" or "HEAD" => _objects.GetValueOrDefault(key),
            "DELETE" => [],
            _ => null,
        };
        answer.StatusCode = content is null ? (request.HttpMethod == "POST" ? 501 : 404) : 200;
        if (request.HttpMethod == "DELETE")
        {
            _objects.TryRemove(key, out _);
        }
        else if (content is not null)
        {
            answer.AddHeader("ETag", ETag(content));
            answer.AddHeader("Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT");
        }

        if (Encryption is not null)
        {
            answer.AddHeader("x-amz-server-side-encryption", Encryption);
        }

        answer.ContentLength64 = request.HttpMethod == "PUT" ? 0 : content?.Length ?? 0;
        if (request.HttpMethod == "GET" && content is not null)
        {
            await answer.OutputStream.WriteAsync(content);
        }

        answer.Close();
    }

    private byte[] List()
    {
        var entries = _objects.Keys.Order(StringComparer.Ordinal)
            .Select(key => $"<Contents><Key>{key[(key.IndexOf('/', 1) + 1)..]}</Key><Size>1</Size></Contents>");
        return Encoding.UTF8.GetBytes($"<ListBucketResult><IsTruncated>false</IsTruncated>{string.Concat(entries)}</ListBucketResult>");
    }
}
