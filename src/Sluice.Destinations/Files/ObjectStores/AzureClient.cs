using System.Net;
using System.Runtime.CompilerServices;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Sluice.Engine;

namespace Sluice.Destinations.Files.ObjectStores;

/// <summary>A container of Azure Blob Storage.</summary>
internal sealed class AzureClient : IObjectClient
{
    private const int BlockBytes = 8 * 1024 * 1024;
    private const string Kept = "What was fetched is kept: run the same command again.";

    private static readonly StorageTransferOptions InBlocks = new()
    {
        InitialTransferSize = BlockBytes,
        MaximumTransferSize = BlockBytes,
        MaximumConcurrency = 2,
    };

    private static readonly DelayStrategy LongerEachTime =
        DelayStrategy.CreateExponentialDelayStrategy(TimeSpan.FromMilliseconds(800), TimeSpan.FromMinutes(1));

    private readonly string _name;
    private readonly AzureAccount _account;
    // Not the newest version of the protocol: emulators and clouds of one's own lag behind.
    private readonly BlobClientOptions _options = new(BlobClientOptions.ServiceVersion.V2021_12_02);
    private readonly BlobContainerClient _container;

    /// <param name="container">The container.</param>
    /// <param name="account">The account with its credential.</param>
    /// <param name="transport">What sends requests; null for the SDK's own.</param>
    /// <param name="pause">How long to wait for an account that does not say so; null for longer each time.</param>
    public AzureClient(string container, AzureAccount account, HttpPipelineTransport? transport = null, DelayStrategy? pause = null)
    {
        (_name, _account) = (container, account);
        _options.RetryPolicy = new AzureRetryPolicy(pause ?? LongerEachTime);
        _options.Transport = transport ?? _options.Transport;
        _options.Retry.NetworkTimeout = StreamCopy.LongestPause;
        _container = account.Container(container, _options);
    }

    public string Name => $"azblob://{_name}";

    public Task<StoredObject?> ReadAsync(string key, CancellationToken cancel) => TryAsync($"reading {key}", async () =>
    {
        try
        {
            var found = await Blob(key).DownloadContentAsync(cancel);
            return new StoredObject(found.Value.Content.ToArray(), found.Value.Details.ETag.ToString());
        }
        catch (RequestFailedException error) when (error.ErrorCode == BlobErrorCode.BlobNotFound)
        {
            return null;
        }
    }, cancel);

    public Task<bool> WriteAsync(string key, byte[] content, ExpectedVersion expected, CancellationToken cancel) =>
        TryAsync(
            $"writing {key}",
            async () =>
            {
                var condition =
                    expected.IsAnything ? null
                    : expected.Tag is { } tag ? new BlobRequestConditions { IfMatch = new ETag(tag) }
                    : new BlobRequestConditions { IfNoneMatch = ETag.All };
                try
                {
                    await Blob(key).UploadAsync(new BinaryData(content), new BlobUploadOptions { Conditions = condition }, cancel);
                    return true;
                }
                catch (RequestFailedException error)
                    when (condition is not null && (HttpStatusCode)error.Status is HttpStatusCode.PreconditionFailed or HttpStatusCode.Conflict)
                {
                    return false;
                }
            },
            cancel);

    // Blocks that no list names are not the blob's; Azure lets go of them after a week.
    public Task UploadAsync(string path, string key, CancellationToken cancel) =>
        TryAsync($"writing {key}", () => Blob(key).UploadAsync(path, new BlobUploadOptions { TransferOptions = InBlocks }, cancel), cancel);

    public Task DownloadAsync(string key, string path, CancellationToken cancel) =>
        TryAsync($"reading {key}", () => Blob(key).DownloadToAsync(path, new BlobDownloadToOptions { TransferOptions = InBlocks }, cancel), cancel);

    public async Task DeleteAsync(IReadOnlyList<string> keys, CancellationToken cancel)
    {
        foreach (var key in keys)
        {
            await TryAsync($"removing {key}", () => Blob(key).DeleteIfExistsAsync(cancellationToken: cancel), cancel);
        }
    }

    public async IAsyncEnumerable<string> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var found in ListAsync(prefix, null, cancel))
        {
            yield return found.Blob.Name;
        }
    }

    public async IAsyncEnumerable<string> ListFoldersAsync(string prefix, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var found in ListAsync(prefix, "/", cancel))
        {
            if (found.IsPrefix)
            {
                yield return found.Prefix[prefix.Length..].TrimEnd('/');
            }
        }
    }

    public void Dispose()
    {
    }

    private BlobClient Blob(string key) => _account.Blob(_name, key, _options);

    private async IAsyncEnumerable<BlobHierarchyItem> ListAsync(string prefix, string? delimiter, [EnumeratorCancellation] CancellationToken cancel)
    {
        var options = new GetBlobsByHierarchyOptions { Prefix = prefix, Delimiter = delimiter };
        await using var found = _container.GetBlobsByHierarchyAsync(options, cancel).GetAsyncEnumerator(cancel);
        while (await TryAsync($"listing {prefix}", () => found.MoveNextAsync().AsTask(), cancel))
        {
            yield return found.Current;
        }
    }

    private async Task<T> TryAsync<T>(string doing, Func<Task<T>> work, CancellationToken cancel)
    {
        try
        {
            return await work();
        }
        catch (RequestFailedException error) when (error.Status != 0)
        {
            throw Refused((HttpStatusCode)error.Status, error.ErrorCode ?? "", doing);
        }
        catch (AuthenticationFailedException error)
        {
            throw Error(
                doing,
                $"nobody is signed in ({error.Message.Split('\n')[0]})",
                "Sign in (az login, a managed identity, AZURE_CLIENT_ID and its variables), or set AZURE_STORAGE_KEY, AZURE_STORAGE_SAS_TOKEN " +
                    "or AZURE_STORAGE_CONNECTION_STRING.",
                inner: error);
        }
        catch (Exception error) when (error is RequestFailedException or AggregateException or HttpRequestException or IOException
            || (error is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            throw Error(
                doing,
                $"there is no answer ({Innermost(error).Message})",
                $"Check the network and the endpoint {_account.Endpoint}. {Kept}",
                isTransient: true,
                error);
        }
    }

    // What the service answers is told only by its code: the whole text can hold parts of the request.
    private SluiceException Refused(HttpStatusCode status, string code, string doing) =>
        (status, code) switch
        {
            (_, "ContainerNotFound") => Error(
                doing,
                "there is no such container",
                $"Make it: az storage container create --name {_name}, or name another one."),
            (_, "BlobNotFound") => Error(doing, "the blob is gone", "Put back blobs that were removed, or read the table again with --full-refresh."),
            (_, "AuthorizationPermissionMismatch" or "AuthorizationFailure") => Error(
                doing,
                "access is denied",
                "The signature must allow to read, write, delete and list (sp=rwdl); a role must be Storage Blob Data Contributor."),
            (HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized, _) => Error(
                doing,
                "the key or signature is refused",
                "Check AZURE_STORAGE_KEY, AZURE_STORAGE_SAS_TOKEN or AZURE_STORAGE_CONNECTION_STRING."),
            _ => Error(
                doing,
                $"it answers {(int)status} {code}",
                Kept,
                (int)status >= 500 || status is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout),
        };

    private SluiceException Error(string doing, string what, string hint, bool isTransient = false, Exception? inner = null) => new(
        SluiceErrorKind.Destination, $"{char.ToUpperInvariant(doing[0])}{doing[1..]} in {Name} at {_account.Endpoint} failed: {what}.", hint, inner)
    { IsTransient = isTransient };

    private static Exception Innermost(Exception error) => error.InnerException is { } inner ? Innermost(inner) : error;

    // A busy account is waited for, as long as it says or some three minutes; an address where nobody answers is told after seconds.
    private sealed class AzureRetryPolicy(DelayStrategy pause) : RetryPolicy(8, pause)
    {
        private const int MostWithoutAnswer = 3;

        protected override bool ShouldRetry(HttpMessage message, Exception? exception) =>
            MayBeAnswered(message, exception) && base.ShouldRetry(message, exception);

        protected override async ValueTask<bool> ShouldRetryAsync(HttpMessage message, Exception? exception) =>
            MayBeAnswered(message, exception) && await base.ShouldRetryAsync(message, exception);

        private static bool MayBeAnswered(HttpMessage message, Exception? exception) =>
            exception is null || message.ProcessingContext.RetryNumber < MostWithoutAnswer;
    }
}
