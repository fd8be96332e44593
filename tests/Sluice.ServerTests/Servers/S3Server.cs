using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Sluice.ServerTests.Servers;

/// <summary>An object store that speaks S3 by path-style addresses (npm s3rver behind node/s3-server.mjs, which checks what S3 checks).</summary>
public sealed class S3Server : LocalServer
{
    /// <summary>The region that signatures must name.</summary>
    public const string Region = "eu-central-1";

    /// <summary>The id of the key that may do everything.</summary>
    public const string Key = "SLUICEKEY";

    /// <summary>The secret of the key that may do everything.</summary>
    public const string Secret = "se+cret/of=the key";

    /// <summary>The id of the key that may only read.</summary>
    public const string ReaderKey = "READERKEY";

    /// <summary>The secret of the key that may only read.</summary>
    public const string ReaderSecret = "reader";

    private static readonly HttpClient Client = new();

    private int _buckets;

    /// <summary>The port on 127.0.0.1.</summary>
    public int Port { get; private set; }

    /// <summary>The endpoint's address.</summary>
    public string Endpoint => $"http://127.0.0.1:{Port}";

    /// <summary>Starts the server if need be and makes an empty bucket, which stays until the server is stopped.</summary>
    public async Task<S3Bucket> NewBucketAsync()
    {
        await RequireAsync();
        return await S3Bucket.CreateAsync(this, $"bucket{Interlocked.Increment(ref _buckets)}");
    }

    /// <summary>Sends a signed request; the query's pairs must be sorted and escaped.</summary>
    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string path,
        string query = "",
        byte[]? body = null,
        string key = Key,
        string secret = Secret,
        params (string Name, string Value)[] headers)
    {
        var hash = Hex(SHA256.HashData(body ?? []));
        var time = TimeProvider.System.GetUtcNow().ToString("yyyyMMdd'T'HHmmss'Z'", null);
        var signed = headers
            .Append(("host", $"127.0.0.1:{Port}"))
            .Append(("x-amz-content-sha256", hash))
            .Append(("x-amz-date", time))
            .OrderBy(header => header.Item1, StringComparer.Ordinal)
            .ToList();
        var names = string.Join(';', signed.Select(header => header.Item1));
        var canonical = $"{method}\n{path}\n{query}\n{string.Concat(signed.Select(header => $"{header.Item1}:{header.Item2}\n"))}\n{names}\n{hash}";
        var scope = $"{time[..8]}/{Region}/s3/aws4_request";
        var signingKey = Encoding.UTF8.GetBytes($"AWS4{secret}");
        foreach (var part in scope.Split('/'))
        {
            signingKey = HMACSHA256.HashData(signingKey, Encoding.UTF8.GetBytes(part));
        }

        var toSign = $"AWS4-HMAC-SHA256\n{time}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var signature = Hex(HMACSHA256.HashData(signingKey, Encoding.UTF8.GetBytes(toSign)));
        using var request = new HttpRequestMessage(method, new Uri($"{Endpoint}{path}{(query == "" ? "" : "?")}{query}"))
        {
            Content = body is null ? null : new ByteArrayContent(body),
        };
        request.Headers.TryAddWithoutValidation(
            "Authorization", $"AWS4-HMAC-SHA256 Credential={key}/{scope}, SignedHeaders={names}, Signature={signature}");
        foreach (var (name, value) in signed)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Client.SendAsync(request);
    }

    private protected override string? Missing() => NodeServer.Missing("s3rver", "s3rver");

    private protected override async Task<ServerProcess> LaunchAsync(string folder)
    {
        var keys = JsonSerializer.Serialize(new Dictionary<string, object>
        {
            [Key] = new { secret = Secret, @readonly = false },
            [ReaderKey] = new { secret = ReaderSecret, @readonly = true },
        });
        string[] command = ["env", $"S3_KEYS={keys}", $"S3_REGION={Region}", "node", ServerProcess.Source("node/s3-server.mjs"), folder];
        (var process, Port) = await NodeServer.StartAsync(folder, "S3 listens on", command);
        return process;
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
