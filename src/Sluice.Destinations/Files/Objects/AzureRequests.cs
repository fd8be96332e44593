using System.Net;
using Sluice.Engine;

namespace Sluice.Destinations.Files.Objects;

/// <summary>Single requests to a container, and what is told when one fails; the address with a signature in it is never told.</summary>
internal sealed class AzureRequests(string container, AzureAccount account, TimeProvider time) : IDisposable
{
    private const string Version = "2021-12-02";
    private const string Kept = "What was fetched is kept: run the same command again.";

    private readonly HttpClient _http = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(15) }) { Timeout = TimeSpan.FromMinutes(5) };

    /// <summary>Makes a request about a blob, or about the container when there is no key.</summary>
    public HttpRequestMessage New(HttpMethod method, string key, string query = "")
    {
        var path = key.Length == 0 ? "" : "/" + string.Join('/', key.Split('/').Select(Uri.EscapeDataString));
        var signed = account.Signature is { } signature ? (query.Length == 0 ? "?" : query + "&") + signature : query;
        var request = new HttpRequestMessage(method, new Uri($"{account.Endpoint.AbsoluteUri.TrimEnd('/')}/{container}{path}{signed}"));
        request.Headers.TryAddWithoutValidation("x-ms-version", Version);
        request.Headers.TryAddWithoutValidation("x-ms-date", time.GetUtcNow().ToString("R", System.Globalization.CultureInfo.InvariantCulture));
        return request;
    }

    /// <summary>Makes a request that writes bytes.</summary>
    public HttpRequestMessage Put(string key, string query, byte[] content, int offset, int length)
    {
        var request = New(HttpMethod.Put, key, query);
        request.Content = new ByteArrayContent(content, offset, length);
        if (query.Length == 0)
        {
            request.Headers.TryAddWithoutValidation("x-ms-blob-type", "BlockBlob");
        }

        return request;
    }

    /// <summary>Sends a request and gives the answer, of which only the head has been read.</summary>
    /// <param name="make">Makes the request.</param>
    /// <param name="doing">What is being done, for messages.</param>
    /// <param name="expected">Statuses that are answers and no errors.</param>
    /// <param name="cancel">Stops it.</param>
    public async Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> make, string doing, IReadOnlyList<HttpStatusCode> expected, CancellationToken cancel)
    {
        using var request = make();
        account.Sign(request);
        var answer = await TryAsync(doing, () => _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel), cancel);
        var code = answer.Headers.TryGetValues("x-ms-error-code", out var codes) ? codes.First() : "";
        if (answer.IsSuccessStatusCode || (expected.Contains(answer.StatusCode) && code != "ContainerNotFound"))
        {
            return answer;
        }

        using (answer)
        {
            throw Refused(answer.StatusCode, code, doing);
        }
    }

    /// <summary>Reads a small body.</summary>
    public async Task<byte[]> BytesAsync(HttpResponseMessage answer, string doing, CancellationToken cancel)
    {
        using var content = new MemoryStream();
        await CopyAsync(answer, content, doing, cancel);
        return content.ToArray();
    }

    /// <summary>Copies a body.</summary>
    public Task CopyAsync(HttpResponseMessage answer, Stream to, string doing, CancellationToken cancel) => TryAsync(
        doing,
        async () =>
        {
            await using var body = await answer.Content.ReadAsStreamAsync(cancel);
            await Body.CopyAsync(body, to, time, cancel);
            return true;
        },
        cancel);

    public void Dispose() => _http.Dispose();

    private async Task<T> TryAsync<T>(string doing, Func<Task<T>> work, CancellationToken cancel)
    {
        try
        {
            return await work();
        }
        catch (Exception error) when (error is HttpRequestException or IOException || (error is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            throw Error(doing, $"there is no answer ({error.GetBaseException().Message})", $"Check the network and the endpoint {account.Endpoint}. {Kept}", isTransient: true, error);
        }
    }

    private SluiceException Refused(HttpStatusCode status, string code, string doing) => (status, code) switch
    {
        (_, "ContainerNotFound") => Error(doing, "there is no such container", $"Make it: az storage container create --name {container}, or name another one."),
        (_, "BlobNotFound") => Error(doing, "the blob is gone", "Put back blobs that were removed, or read the table again with --full-refresh."),
        (_, "AuthorizationPermissionMismatch" or "AuthorizationFailure") => Error(
            doing, "access is denied", "The signature must allow to read, write, delete and list (sp=rwdl); a role must be Storage Blob Data Contributor."),
        (HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized, _) => Error(doing, "the key or signature is refused", "Check AZURE_STORAGE_KEY, AZURE_STORAGE_SAS_TOKEN or AZURE_STORAGE_CONNECTION_STRING."),
        _ => Error(doing, $"it answers {(int)status} {code}", Kept, (int)status >= 500 || status is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout),
    };

    private SluiceException Error(string doing, string what, string hint, bool isTransient = false, Exception? inner = null) => new(
        SluiceErrorKind.Destination, $"{char.ToUpperInvariant(doing[0])}{doing[1..]} in azblob://{container} at {account.Endpoint} failed: {what}.", hint, inner)
    { IsTransient = isTransient };
}
