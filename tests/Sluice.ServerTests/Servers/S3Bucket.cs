using System.Xml.Linq;
using Xunit;

namespace Sluice.ServerTests.Servers;

/// <summary>A bucket of one test, empty at first, seen by another client than ours.</summary>
public sealed class S3Bucket
{
    private readonly S3Server _server;

    private S3Bucket(S3Server server, string name) => (_server, Name) = (server, name);

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>The keys of its objects that begin so, sorted.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(string prefix = "")
    {
        var keys = new List<string>();
        for (var token = ""; ;)
        {
            var query = $"{token}list-type=2&prefix={Uri.EscapeDataString(prefix)}";
            var list = XElement.Parse(await TextAsync(await _server.SendAsync(HttpMethod.Get, $"/{Name}", query)));
            keys.AddRange(Values(list, "Key"));
            if (Values(list, "NextContinuationToken").SingleOrDefault() is not { } next)
            {
                return keys;
            }

            token = $"continuation-token={Uri.EscapeDataString(next)}&";
        }
    }

    /// <summary>The keys of uploads in parts that were begun and neither completed nor aborted.</summary>
    public async Task<IReadOnlyList<string>> UnfinishedUploadsAsync() =>
        [.. Values(XElement.Parse(await TextAsync(await _server.SendAsync(HttpMethod.Get, $"/{Name}", "uploads="))), "Key")];

    /// <summary>An object's content.</summary>
    public async Task<byte[]> GetAsync(string key)
    {
        using var response = await _server.SendAsync(HttpMethod.Get, PathOf(key));
        Assert.True(response.IsSuccessStatusCode, $"{key}: {response.StatusCode}");
        return await response.Content.ReadAsByteArrayAsync();
    }

    /// <summary>Puts an object.</summary>
    public async Task PutAsync(string key, byte[] content) => await TextAsync(await _server.SendAsync(HttpMethod.Put, PathOf(key), "", content));

    internal static async Task<S3Bucket> CreateAsync(S3Server server, string name)
    {
        await TextAsync(await server.SendAsync(HttpMethod.Put, $"/{name}"));
        return new S3Bucket(server, name);
    }

    internal string PathOf(string key) => $"/{Name}/{string.Join('/', key.Split('/').Select(Uri.EscapeDataString))}";

    internal static async Task<string> TextAsync(HttpResponseMessage response)
    {
        using (response)
        {
            var text = await response.Content.ReadAsStringAsync();
            Assert.True(response.IsSuccessStatusCode, $"{response.RequestMessage?.RequestUri}: {response.StatusCode} {text}");
            return text;
        }
    }

    private static IEnumerable<string> Values(XElement list, string name) =>
        list.Descendants().Where(element => element.Name.LocalName == name).Select(element => element.Value);
}
