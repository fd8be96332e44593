using System.Security.Cryptography;
using System.Text;

namespace Sluice.ServerTests.Servers;

/// <summary>Azure Blob Storage as npm azurite plays it, with shared keys and shared access signatures that are checked.</summary>
public sealed class AzuriteServer : LocalServer
{
    /// <summary>The account's name.</summary>
    public const string Account = "sluice";

    /// <summary>The account's key, in Base64.</summary>
    public const string Key = "c2x1aWNlL2tleSt0aGF0L2lzK2xvbmcvZW5vdWdoL3RvK2JlL2Erc2hhcmVkL2tleSt5ZXM=";

    private const string Version = "2024-11-04";

    private static readonly HttpClient Client = new();

    private int _containers;

    /// <summary>The port on 127.0.0.1.</summary>
    public int Port { get; private set; }

    /// <summary>The address of the account's blobs, which ends with the account.</summary>
    public string Endpoint => $"http://127.0.0.1:{Port}/{Account}";

    /// <summary>The connection string that SDKs take.</summary>
    public string ConnectionString => $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};BlobEndpoint={Endpoint};";

    /// <summary>Starts the server if need be and makes an empty container, which stays until the server is stopped.</summary>
    public async Task<AzureContainer> NewContainerAsync()
    {
        await RequireAsync();
        return await AzureContainer.CreateAsync(this, $"container{Interlocked.Increment(ref _containers)}");
    }

    /// <summary>A shared access signature for all containers with rights such as "rl" (read and list) or "rwdlac", good for an hour.</summary>
    public static string SharedAccessSignature(string rights)
    {
        var end = TimeProvider.System.GetUtcNow().AddHours(1).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", null);
        const string SignedVersion = "2022-11-02";
        var signature = Sign($"{Account}\n{rights}\nb\nsco\n\n{end}\n\nhttps,http\n{SignedVersion}\n\n", Key);
        return $"sv={SignedVersion}&ss=b&srt=sco&sp={rights}&se={Uri.EscapeDataString(end)}&spr=https,http&sig={Uri.EscapeDataString(signature)}";
    }

    /// <summary>Sends a request signed with the shared key; the path begins after the account, the query's pairs are sorted.</summary>
    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, string query = "", byte[]? body = null, string key = Key, params (string Name, string Value)[] headers)
    {
        var date = TimeProvider.System.GetUtcNow().ToString("r");
        var signed = headers
            .Append(("x-ms-date", date))
            .Append(("x-ms-version", Version))
            .OrderBy(header => header.Item1, StringComparer.Ordinal)
            .ToList();
        var pairs = query
            .Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=', 2))
            .Select(pair => $"\n{pair[0]}:{Uri.UnescapeDataString(pair[1])}");
        var resource = $"/{Account}/{Account}{path}{string.Concat(pairs)}";
        var length = body is { Length: > 0 } ? $"{body.Length}" : "";
        var toSign =
            $"{method}\n\n\n{length}\n\n\n\n\n\n\n\n\n{string.Concat(signed.Select(header => $"{header.Item1}:{header.Item2}\n"))}{resource}";
        var content = body is null && method != HttpMethod.Put ? null : new ByteArrayContent(body ?? []);
        using var request = new HttpRequestMessage(method, new Uri($"{Endpoint}{path}{(query == "" ? "" : "?")}{query}")) { Content = content };
        request.Headers.TryAddWithoutValidation("Authorization", $"SharedKey {Account}:{Sign(toSign, key)}");
        foreach (var (name, value) in signed)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Client.SendAsync(request);
    }

    private protected override string? Missing() => NodeServer.Missing("azurite", "azurite/dist/src/blob/main.js");

    private protected override async Task<ServerProcess> LaunchAsync(string folder)
    {
        string[] command =
        [
            "env", $"AZURITE_ACCOUNTS={Account}:{Key}", "node", Path.Combine(Simulator.NodeScript.Root, "node_modules/azurite/dist/src/blob/main.js"),
            "--blobHost", "127.0.0.1", "--blobPort", "0", "--location", folder, "--disableTelemetry", "--silent",
        ];
        (var process, Port) = await NodeServer.StartAsync(folder, "successfully listens on", command);
        return process;
    }

    private static string Sign(string text, string key) =>
        Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(key), Encoding.UTF8.GetBytes(text)));
}
