using System.Net;
using System.Text;
using Xunit;

namespace Sluice.ServerTests.Servers;

/// <summary>The S3 that other tests rely on: what it keeps, and what it refuses as the real one does.</summary>
public sealed class S3ServerTests(S3Server server)
{
    private const int Smallest = 5 * 1024 * 1024;

    [Fact]
    public async Task A_new_bucket_is_empty_and_keeps_objects()
    {
        var bucket = await server.NewBucketAsync();
        var bytes = Enumerable.Range(0, 100_000).Select(number => (byte)(number * 7)).ToArray();
        Assert.Empty(await bucket.ListAsync());

        await bucket.PutAsync("a folder/é+1.parquet", bytes);
        await bucket.PutAsync("b", []);

        Assert.Equal(["a folder/é+1.parquet", "b"], await bucket.ListAsync());
        Assert.Equal(["a folder/é+1.parquet"], await bucket.ListAsync("a folder/"));
        Assert.Equal(bytes, await bucket.GetAsync("a folder/é+1.parquet"));
    }

    [Fact]
    public async Task Lists_come_in_pages_sorted_by_bytes()
    {
        var bucket = await server.NewBucketAsync();
        foreach (var key in (string[])["a/b", "a.b", "a", "a/c/d", "é"])
        {
            await bucket.PutAsync(key, []);
        }

        var first = await PageAsync("list-type=2&max-keys=3");
        var token = Uri.EscapeDataString(first.Split("<NextContinuationToken>")[1].Split('<')[0]);
        var folders = await PageAsync("delimiter=%2F&list-type=2&prefix=a");

        Assert.Equal(["a", "a.b", "a/b"], Keys(first));
        Assert.Equal(["a/c/d", "é"], Keys(await PageAsync($"continuation-token={token}&list-type=2&max-keys=3")));
        Assert.Equal(["a", "a.b"], Keys(folders));
        Assert.Contains("<CommonPrefixes><Prefix>a/</Prefix></CommonPrefixes>", folders, StringComparison.Ordinal);
        Assert.Equal(["a", "a.b", "a/b", "a/c/d", "é"], await bucket.ListAsync());
        async Task<string> PageAsync(string query) => await S3Bucket.TextAsync(await server.SendAsync(HttpMethod.Get, $"/{bucket.Name}", query));
    }

    [Fact]
    public async Task What_is_not_signed_rightly_is_refused()
    {
        await server.RequireAsync();
        using var client = new HttpClient();

        await AssertRefusedAsync(HttpStatusCode.Forbidden, "AccessDenied", await client.GetAsync(new Uri(server.Endpoint)));
        await AssertRefusedAsync(HttpStatusCode.Forbidden, "SignatureDoesNotMatch", await server.SendAsync(HttpMethod.Get, "/", secret: "wrong"));
        await AssertRefusedAsync(HttpStatusCode.Forbidden, "InvalidAccessKeyId", await server.SendAsync(HttpMethod.Get, "/", key: "NOBODY"));
    }

    [Fact]
    public async Task The_reader_may_not_write()
    {
        var bucket = await server.NewBucketAsync();
        await bucket.PutAsync("a", [1]);

        using var read = await server.SendAsync(HttpMethod.Get, bucket.PathOf("a"), key: S3Server.ReaderKey, secret: S3Server.ReaderSecret);

        Assert.Equal((byte[])[1], await read.Content.ReadAsByteArrayAsync());
        await AssertRefusedAsync(
            HttpStatusCode.Forbidden,
            "AccessDenied",
            await server.SendAsync(HttpMethod.Put, bucket.PathOf("a"), "", [2], S3Server.ReaderKey, S3Server.ReaderSecret));
        Assert.Equal([1], await bucket.GetAsync("a"));
    }

    [Fact]
    public async Task An_upload_in_parts_shows_nothing_until_it_is_completed()
    {
        var bucket = await server.NewBucketAsync();
        var (first, last) = (new byte[Smallest], "end"u8.ToArray());
        var id = await BeginAsync(bucket, "big");
        var etags = new[] { await PartAsync(bucket, "big", id, 1, first), await PartAsync(bucket, "big", id, 2, last) };
        Assert.Empty(await bucket.ListAsync());
        Assert.Equal(["big"], await bucket.UnfinishedUploadsAsync());

        await S3Bucket.TextAsync(await CompleteAsync(bucket, "big", id, etags));

        byte[] whole = [.. first, .. last];
        Assert.Equal(whole, await bucket.GetAsync("big"));
        Assert.Equal(["big"], await bucket.ListAsync());
        Assert.Empty(await bucket.UnfinishedUploadsAsync());
    }

    [Fact]
    public async Task An_aborted_upload_is_gone()
    {
        var bucket = await server.NewBucketAsync();
        var id = await BeginAsync(bucket, "big");
        var etag = await PartAsync(bucket, "big", id, 1, [1]);

        using var abort = await server.SendAsync(HttpMethod.Delete, bucket.PathOf("big"), $"uploadId={id}");

        Assert.Equal(HttpStatusCode.NoContent, abort.StatusCode);
        Assert.Empty(await bucket.UnfinishedUploadsAsync());
        await AssertRefusedAsync(HttpStatusCode.NotFound, "NoSuchUpload", await CompleteAsync(bucket, "big", id, [etag]));
    }

    [Fact]
    public async Task Parts_that_do_not_fit_together_are_refused()
    {
        var bucket = await server.NewBucketAsync();
        var id = await BeginAsync(bucket, "big");
        var etags = new[] { await PartAsync(bucket, "big", id, 1, [1]), await PartAsync(bucket, "big", id, 2, [2]) };

        await AssertRefusedAsync(HttpStatusCode.BadRequest, "EntityTooSmall", await CompleteAsync(bucket, "big", id, etags));
        await AssertRefusedAsync(HttpStatusCode.BadRequest, "InvalidPart", await CompleteAsync(bucket, "big", id, [etags[1]]));
        Assert.Empty(await bucket.ListAsync());
    }

    [Fact]
    public async Task Conditions_are_kept()
    {
        var bucket = await server.NewBucketAsync();
        var path = bucket.PathOf("a");
        using var first = await server.SendAsync(HttpMethod.Put, path, "", [1], headers: ("if-none-match", "*"));

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        await AssertRefusedAsync(
            HttpStatusCode.PreconditionFailed,
            "PreconditionFailed",
            await server.SendAsync(HttpMethod.Put, path, "", [2], headers: ("if-none-match", "*")));
        await AssertRefusedAsync(
            HttpStatusCode.PreconditionFailed,
            "PreconditionFailed",
            await server.SendAsync(HttpMethod.Put, path, "", [2], headers: ("if-match", "\"0\"")));
        using var matched = await server.SendAsync(HttpMethod.Put, path, "", [3], headers: ("if-match", first.Headers.ETag!.Tag));
        Assert.Equal([3], await bucket.GetAsync("a"));
    }

    [Fact]
    public async Task Sums_are_checked()
    {
        var bucket = await server.NewBucketAsync();
        var path = bucket.PathOf("a");

        await AssertRefusedAsync(
            HttpStatusCode.BadRequest,
            "BadDigest",
            await server.SendAsync(HttpMethod.Put, path, "", "123456789"u8.ToArray(), headers: ("x-amz-checksum-crc32", "AAAAAA==")));
        using var right = await server.SendAsync(HttpMethod.Put, path, "", "123456789"u8.ToArray(), headers: ("x-amz-checksum-crc32", "y/Q5Jg=="));

        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
    }

    [Fact]
    public async Task An_object_whose_connection_is_cut_is_not_there()
    {
        var bucket = await server.NewBucketAsync();
        await using var proxy = CuttingProxy.Start(server.Port, cutAfter: 300_000);
        using var client = new HttpClient();

        // Signed or not: half of it must never be seen.
        await Assert.ThrowsAsync<HttpRequestException>(() =>
            client.PutAsync(new Uri($"http://127.0.0.1:{proxy.Port}{bucket.PathOf("half")}"), new ByteArrayContent(new byte[Smallest])));

        Assert.Equal(1, proxy.Cuts);
        Assert.Empty(await bucket.ListAsync());
    }

    private async Task<string> BeginAsync(S3Bucket bucket, string key)
    {
        var text = await S3Bucket.TextAsync(await server.SendAsync(HttpMethod.Post, bucket.PathOf(key), "uploads="));
        return text.Split("<UploadId>")[1].Split("</UploadId>")[0];
    }

    private async Task<string> PartAsync(S3Bucket bucket, string key, string id, int number, byte[] content)
    {
        using var response = await server.SendAsync(HttpMethod.Put, bucket.PathOf(key), $"partNumber={number}&uploadId={id}", content);
        return response.Headers.ETag!.Tag;
    }

    private Task<HttpResponseMessage> CompleteAsync(S3Bucket bucket, string key, string id, string[] etags)
    {
        var parts = etags.Select((etag, index) => $"<Part><PartNumber>{index + 1}</PartNumber><ETag>{etag}</ETag></Part>");
        var body = Encoding.UTF8.GetBytes($"<CompleteMultipartUpload>{string.Concat(parts)}</CompleteMultipartUpload>");
        return server.SendAsync(HttpMethod.Post, bucket.PathOf(key), $"uploadId={id}", body);
    }

    private static IEnumerable<string> Keys(string page) => page.Split("<Key>").Skip(1).Select(part => part.Split("</Key>")[0]);

    private static async Task AssertRefusedAsync(HttpStatusCode status, string code, HttpResponseMessage response)
    {
        using (response)
        {
            var text = await response.Content.ReadAsStringAsync();
            Assert.True(response.StatusCode == status, $"{response.StatusCode} {text}");
            Assert.Contains($"<Code>{code}</Code>", text, StringComparison.Ordinal);
        }
    }
}
