using System.Net;
using Xunit;

namespace Sluice.ServerTests.Servers;

/// <summary>The Azure Blob Storage that other tests rely on.</summary>
public sealed class AzuriteServerTests(AzuriteServer server)
{
    [Fact]
    public async Task A_new_container_is_empty_and_keeps_blobs()
    {
        var container = await server.NewContainerAsync();
        var bytes = Enumerable.Range(0, 100_000).Select(number => (byte)(number * 7)).ToArray();
        Assert.Empty(await container.ListAsync());

        await container.PutAsync("a folder/é+1.parquet", bytes);
        await container.PutAsync("b", [1]);

        Assert.Equal(["a folder/é+1.parquet", "b"], await container.ListAsync());
        Assert.Equal(["a folder/é+1.parquet"], await container.ListAsync("a folder/"));
        Assert.Equal(bytes, await container.GetAsync("a folder/é+1.parquet"));
    }

    [Fact]
    public async Task A_wrong_key_is_refused()
    {
        await server.RequireAsync();

        using var response = await server.SendAsync(HttpMethod.Put, "/nothing", "restype=container", key: "d3Jvbmc=");
        using var client = new HttpClient();
        using var nobody = await client.GetAsync(new Uri($"{server.Endpoint}/?comp=list"));

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Contains("AuthorizationFailure", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, nobody.StatusCode);
    }

    [Fact]
    public async Task A_shared_access_signature_gives_the_rights_that_it_names()
    {
        var container = await server.NewContainerAsync();
        await container.PutAsync("a", [1]);
        using var client = new HttpClient();

        Assert.Equal([1], await client.GetByteArrayAsync(Address("rl")));
        using var refused = await PutAsync(client, Address("rl"));
        using var allowed = await PutAsync(client, Address("rwl"));

        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal(HttpStatusCode.Created, allowed.StatusCode);
        Assert.Equal([2], await container.GetAsync("a"));
        Uri Address(string rights) => new($"{server.Endpoint}/{container.Name}/a?{AzuriteServer.SharedAccessSignature(rights)}");
    }

    [Fact]
    public async Task Blocks_show_nothing_until_their_list_is_put()
    {
        var container = await server.NewContainerAsync();
        var path = container.PathOf("big");
        await S3Bucket.TextAsync(await server.SendAsync(HttpMethod.Put, path, "blockid=MDE%3D&comp=block", "one "u8.ToArray()));
        await S3Bucket.TextAsync(await server.SendAsync(HttpMethod.Put, path, "blockid=MDI%3D&comp=block", "two"u8.ToArray()));
        Assert.Empty(await container.ListAsync());

        await S3Bucket.TextAsync(await server.SendAsync(HttpMethod.Put, path, "comp=blocklist", "<BlockList><Latest>MDE=</Latest><Latest>MDI=</Latest></BlockList>"u8.ToArray()));

        Assert.Equal("one two"u8.ToArray(), await container.GetAsync("big"));
    }

    private static async Task<HttpResponseMessage> PutAsync(HttpClient client, Uri address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, address) { Content = new ByteArrayContent([2]) };
        request.Headers.Add("x-ms-blob-type", "BlockBlob");
        return await client.SendAsync(request);
    }
}
