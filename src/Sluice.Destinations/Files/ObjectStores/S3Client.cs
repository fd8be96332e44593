using System.Net;
using System.Runtime.CompilerServices;
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

    // Once it is known that ETags are no sums here, nothing is compared with them any more.
    private bool _hasOtherETags;

    public S3Client(string bucket, string? endpoint, string? region)
    {
        _bucket = bucket;
        _errors = new S3Errors(bucket, endpoint);
        try
        {
            _client = PlainS3Client.Of(endpoint, region);
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
            when (error.InnerException is AmazonServiceException { StatusCode: HttpStatusCode.NotFound, ErrorCode: not "NoSuchBucket" })
        {
            return null;
        }
    }

    public async Task<bool> WriteAsync(string key, byte[] content, ExpectedVersion expected, CancellationToken cancel)
    {
        using var stream = new MemoryStream(content);
        var sum = await StoredSum.OfAsync(stream, PartBytes, cancel);
        var (isDone, etag) = await PutAsync(key, stream, expected, cancel);
        if (isDone)
        {
            await RequireAsync(key, sum, etag, mayBeNewer: true, cancel);
        }

        return isDone;
    }

    private Task<(bool IsDone, string? ETag)> PutAsync(string key, MemoryStream content, ExpectedVersion expected, CancellationToken cancel) =>
        _errors.TryAsync<(bool, string?)>(
            $"writing {key}",
            "s3:PutObject",
            async () =>
            {
                content.Position = 0;
                var request = new PutObjectRequest
                {
                    BucketName = _bucket,
                    Key = key,
                    InputStream = content,
                    AutoCloseStream = false,
                    ContentType = "application/json",
                };
                if (!expected.IsAnything)
                {
                    (request.IfMatch, request.IfNoneMatch) = (expected.Tag, expected.Tag is null ? "*" : null);
                }

                try
                {
                    return (true, (await _client.PutObjectAsync(request, cancel)).ETag);
                }
                catch (AmazonS3Exception error)
                    when (error.StatusCode is HttpStatusCode.PreconditionFailed or HttpStatusCode.Conflict
                        || (error.StatusCode == HttpStatusCode.NotFound && expected.Tag is not null))
                {
                    return (false, null);
                }
            });

    public async Task UploadAsync(string path, string key, CancellationToken cancel)
    {
        StoredSum sum;
        await using (var file = new FileStream(path, FileMode.Open, FileAccess.Read))
        {
            sum = await StoredSum.OfAsync(file, PartBytes, cancel);
        }

        await RequireAsync(key, sum, await SendAsync(path, key, cancel), mayBeNewer: false, cancel);
    }

    private Task<string> SendAsync(string path, string key, CancellationToken cancel) =>
        _errors.TryAsync(
            $"writing {key}",
            "s3:PutObject",
            async () =>
            {
                // Big files go up in parts, two at a time; the parts of one that fails are aborted.
                using var transfer = new TransferUtility(
                    _client, new TransferUtilityConfig { ConcurrentServiceRequests = 2, MinSizeBeforePartUpload = 2 * PartBytes });
                var sent = await transfer.UploadWithResponseAsync(
                    new TransferUtilityUploadRequest
                    {
                        BucketName = _bucket,
                        Key = key,
                        FilePath = path,
                        PartSize = PartBytes,
                    },
                    cancel);
                return sent.ETag;
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
                    await DeleteAsync(some, cancel);
                    return true;
                });
        }
    }

    // Not everybody who speaks S3 removes several objects at once.
    private async Task DeleteAsync(string[] keys, CancellationToken cancel)
    {
        try
        {
            await _client.DeleteObjectsAsync(
                new DeleteObjectsRequest { BucketName = _bucket, Objects = [.. keys.Select(key => new KeyVersion { Key = key })] }, cancel);
        }
        catch (AmazonS3Exception error)
            when (error.ErrorCode != "NoSuchBucket"
                && error.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed
                    or HttpStatusCode.NotImplemented)
        {
            foreach (var key in keys)
            {
                await _client.DeleteObjectAsync(_bucket, key, cancel);
            }
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

    // Of the sums that stores give, one can be of other bytes than those that came, and one can be no sum at all. What comes twice is what is there.
    private async Task<string> CopyAsync(string key, Stream to, CancellationToken cancel)
    {
        string? before = null;
        return await ReadAsync(
            key,
            async found =>
            {
                to.SetLength(0);
                var sum = await StoredSum.CopyAsync(found.ResponseStream, to, cancel);
                _hasOtherETags |= sum == before;
                if (!_hasOtherETags && !IsEncrypted(found.ServerSideEncryptionMethod) && StoredSum.IsOther(found.ETag, sum))
                {
                    before = sum;
                    throw new IOException("the content has not the sum that it should have");
                }

                return found.ETag;
            },
            cancel);
    }

    // The SDK repeats requests; a body that was cut, or has not the sum that it should have, is asked for once more here.
    private async Task<T> ReadAsync<T>(string key, Func<GetObjectResponse, Task<T>> read, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await _errors.TryAsync($"reading {key}", "s3:GetObject", async () =>
                {
                    using var found = await _client.GetObjectAsync(_bucket, key, cancel);
                    return await read(found);
                });
            }
            catch (SluiceException error) when (error.IsTransient && attempt < MostReads)
            {
                await Task.Delay(TimeSpan.FromSeconds(attempt), TimeProvider.System, cancel);
            }
        }
    }

    // An ETag that is the sum shows that the store has what was sent. Any other one shows nothing, neither that it has nor that it has not: then the
    // length is asked for and the object is read once. Where a key of one's own encrypts, ETags are never sums, and the service has checked the hash
    // that is signed.
    private async Task RequireAsync(string key, StoredSum sum, string? etag, bool mayBeNewer, CancellationToken cancel)
    {
        if (sum.IsShownBy(etag))
        {
            return;
        }

        var there = await _errors.TryAsync($"looking at {key}", "s3:GetObject", () => _client.GetObjectMetadataAsync(_bucket, key, cancel));
        if (mayBeNewer && there.ETag != etag)
        {
            return;
        }

        if (there.ContentLength != sum.Length)
        {
            throw _errors.OtherContent(key, FormattableString.Invariant($"{there.ContentLength} bytes instead of {sum.Length}"));
        }

        if (!IsEncrypted(there.ServerSideEncryptionMethod)
            && await ReadAsync(key, found => StoredSum.CopyAsync(found.ResponseStream, Stream.Null, cancel), cancel) != sum.Md5)
        {
            throw _errors.OtherContent(key, "other bytes");
        }
    }

    private static bool IsEncrypted(ServerSideEncryptionMethod? method) => method?.Value?.StartsWith("aws:", StringComparison.Ordinal) == true;

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
}
