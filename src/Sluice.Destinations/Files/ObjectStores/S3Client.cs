using System.Net;
using System.Runtime.CompilerServices;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.S3.Transfer;
using Sluice.Engine;

namespace Sluice.Destinations.Files.ObjectStores;

/// <summary>
/// A bucket of Amazon S3 or of what speaks its language. Keys come from the usual places: environment, profile, role of the machine.
/// </summary>
internal sealed class S3Client : IObjectClient
{
    private const int PartBytes = 8 * 1024 * 1024;
    private const int MostDeletes = 1000;
    private const int MostReads = 4;

    private readonly string _bucket;
    private readonly AmazonS3Client _client;
    private readonly S3Errors _errors;

    public S3Client(string bucket, string? endpoint, string? region)
    {
        _bucket = bucket;
        _errors = new S3Errors(bucket, endpoint);
        try
        {
            _client = new AmazonS3Client(Config(endpoint, region));
        }
        catch (AmazonClientException error)
        {
            throw _errors.Of(error, "opening", "");
        }
    }

    public string Name => $"s3://{_bucket}";

    public async Task<StoredObject?> ReadAsync(string key, CancellationToken cancel)
    {
        try
        {
            using var content = new MemoryStream();
            var version = await CopyAsync(key, content, cancel);
            return new StoredObject(content.ToArray(), version);
        }
        catch (SluiceException error)
            when (error.InnerException is AmazonS3Exception { StatusCode: HttpStatusCode.NotFound, ErrorCode: not "NoSuchBucket" })
        {
            return null;
        }
    }

    public Task<bool> WriteAsync(string key, byte[] content, ExpectedVersion expected, CancellationToken cancel) =>
        _errors.TryAsync(
            $"writing {key}",
            "s3:PutObject",
            async () =>
            {
                using var stream = new MemoryStream(content);
                var request = new PutObjectRequest
                {
                    BucketName = _bucket,
                    Key = key,
                    InputStream = stream,
                    ContentType = "application/json",
                };
                if (!expected.IsAnything)
                {
                    (request.IfMatch, request.IfNoneMatch) = (expected.Tag, expected.Tag is null ? "*" : null);
                }

                try
                {
                    await _client.PutObjectAsync(request, cancel);
                    return true;
                }
                catch (AmazonS3Exception error)
                    when (error.StatusCode is HttpStatusCode.PreconditionFailed or HttpStatusCode.Conflict
                        || (error.StatusCode == HttpStatusCode.NotFound && expected.Tag is not null))
                {
                    return false;
                }
            });

    public Task UploadAsync(string path, string key, CancellationToken cancel) =>
        _errors.TryAsync(
            $"writing {key}",
            "s3:PutObject",
            async () =>
            {
                // Big files go up in parts, two at a time; the parts of one that fails are aborted.
                using var transfer = new TransferUtility(
                    _client, new TransferUtilityConfig { ConcurrentServiceRequests = 2, MinSizeBeforePartUpload = 2 * PartBytes });
                await transfer.UploadAsync(
                    new TransferUtilityUploadRequest
                    {
                        BucketName = _bucket,
                        Key = key,
                        FilePath = path,
                        PartSize = PartBytes,
                    },
                    cancel);
                return true;
            });

    public async Task DownloadAsync(string key, string path, CancellationToken cancel)
    {
        await using var file = new FileStream(path, FileMode.Create, FileAccess.Write);
        await CopyAsync(key, file, cancel);
    }

    public async Task DeleteAsync(IReadOnlyList<string> keys, CancellationToken cancel)
    {
        foreach (var some in keys.Chunk(MostDeletes))
        {
            await _errors.TryAsync(
                "removing objects",
                "s3:DeleteObject",
                async () =>
                {
                    await _client.DeleteObjectsAsync(
                        new DeleteObjectsRequest { BucketName = _bucket, Objects = [.. some.Select(key => new KeyVersion { Key = key })] }, cancel);
                    return true;
                });
        }
    }

    public async IAsyncEnumerable<string> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var page in PagesAsync(prefix, null, cancel))
        {
            foreach (var found in page.S3Objects ?? [])
            {
                yield return found.Key;
            }
        }
    }

    public async IAsyncEnumerable<string> ListFoldersAsync(string prefix, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var page in PagesAsync(prefix, "/", cancel))
        {
            foreach (var folder in page.CommonPrefixes ?? [])
            {
                yield return folder[prefix.Length..].TrimEnd('/');
            }
        }
    }

    public void Dispose() => _client.Dispose();

    // The SDK repeats requests; a body that was cut, or has not the hash that it should have, is asked for once more here.
    private async Task<string> CopyAsync(string key, Stream to, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await _errors.TryAsync($"reading {key}", "s3:GetObject", async () =>
                {
                    to.SetLength(0);
                    using var found = await _client.GetObjectAsync(_bucket, key, cancel);
                    await StreamCopy.ToEndAsync(found.ResponseStream, to, TimeProvider.System, cancel);
                    return found.ETag;
                });
            }
            catch (SluiceException error) when (error.IsTransient && attempt < MostReads)
            {
                await Task.Delay(TimeSpan.FromSeconds(attempt), TimeProvider.System, cancel);
            }
        }
    }

    private async IAsyncEnumerable<ListObjectsV2Response> PagesAsync(
        string prefix, string? delimiter, [EnumeratorCancellation] CancellationToken cancel)
    {
        var request = new ListObjectsV2Request { BucketName = _bucket, Prefix = prefix, Delimiter = delimiter };
        do
        {
            var page = await _errors.TryAsync($"listing {prefix}", "s3:ListBucket", () => _client.ListObjectsV2Async(request, cancel));
            request.ContinuationToken = page.NextContinuationToken;
            yield return page;
        }
        while (request.ContinuationToken is { Length: > 0 });
    }

    private static AmazonS3Config Config(string? endpoint, string? region)
    {
        var config = new AmazonS3Config { MaxErrorRetry = 3 };
        if (endpoint is not null)
        {
            // Whoever speaks S3 at an address of its own has the bucket in the path, and often knows nothing of the newer checksums.
            config.ServiceURL = endpoint;
            config.ForcePathStyle = true;
            config.AuthenticationRegion = region ?? FallbackRegionFactory.GetRegionEndpoint()?.SystemName ?? "us-east-1";
            config.RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED;
            config.ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED;
        }
        else if (region is not null)
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        }

        return config;
    }
}
