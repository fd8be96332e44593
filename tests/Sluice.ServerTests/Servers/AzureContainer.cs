using System.Xml.Linq;

namespace Sluice.ServerTests.Servers;

/// <summary>A container of one test, empty at first, seen by another client than ours.</summary>
public sealed class AzureContainer
{
    private readonly AzuriteServer _server;

    private AzureContainer(AzuriteServer server, string name) => (_server, Name) = (server, name);

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>The names of its blobs that begin so, sorted.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(string prefix = "")
    {
        var names = new List<string>();
        for (var marker = ""; ;)
        {
            var query = $"comp=list&marker={Uri.EscapeDataString(marker)}&prefix={Uri.EscapeDataString(prefix)}&restype=container";
            var list = XElement.Parse((await S3Bucket.TextAsync(await _server.SendAsync(HttpMethod.Get, $"/{Name}", query))).TrimStart('\uFEFF'));
            names.AddRange(list.Descendants("Blob").Select(blob => blob.Element("Name")!.Value));
            marker = list.Element("NextMarker")?.Value ?? "";
            if (marker == "")
            {
                return names;
            }
        }
    }

    /// <summary>A blob's content.</summary>
    public async Task<byte[]> GetAsync(string name)
    {
        using var response = await _server.SendAsync(HttpMethod.Get, PathOf(name));
        Xunit.Assert.True(response.IsSuccessStatusCode, $"{name}: {response.StatusCode}");
        return await response.Content.ReadAsByteArrayAsync();
    }

    /// <summary>Puts a blob.</summary>
    public async Task PutAsync(string name, byte[] content) =>
        await S3Bucket.TextAsync(await _server.SendAsync(HttpMethod.Put, PathOf(name), "", content, headers: ("x-ms-blob-type", "BlockBlob")));

    internal static async Task<AzureContainer> CreateAsync(AzuriteServer server, string name)
    {
        await S3Bucket.TextAsync(await server.SendAsync(HttpMethod.Put, $"/{name}", "restype=container"));
        return new AzureContainer(server, name);
    }

    internal string PathOf(string name) => $"/{Name}/{string.Join('/', name.Split('/').Select(Uri.EscapeDataString))}";
}
