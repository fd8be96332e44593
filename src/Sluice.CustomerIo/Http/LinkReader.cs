using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace Sluice.CustomerIo.Http;

/// <summary>Opens signed links: without any key, and with the bytes left as they are, for a range counts them so.</summary>
internal sealed class LinkReader(HttpMessageHandler? handler, TimeSpan patience, TimeProvider time) : IDisposable
{
    private const int MostRedirects = 5;

    private readonly HttpClient _http = new(handler ?? Handler(), disposeHandler: handler is null) { Timeout = Timeout.InfiniteTimeSpan };

    public void Dispose() => _http.Dispose();

    /// <exception cref="CustomerIoException">The link leads to an unencrypted connection, and the API is asked over an encrypted one.</exception>
    public static void RefuseHttp(Uri link, Uri api)
    {
        if (link.Scheme != Uri.UriSchemeHttps && api.Scheme == Uri.UriSchemeHttps)
        {
            throw new CustomerIoException(
                CustomerIoErrorKind.Envelope,
                LinkedFile.Endpoint,
                $"The link to a file begins with {link.Scheme}:// although the API is asked by https: people's data would be readable on the way.")
            {
                Hint = "Nothing was fetched. Report it to Customer.io, and look whether a proxy changes its answers.",
            };
        }
    }

    public async Task<LinkedFile> OpenAsync(Uri link, long from, string? version, CancellationToken cancel)
    {
        using HttpRequestMessage message = Message(link, from, version);
        using var timeout = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, timeout.Token);
        HttpResponseMessage? response = null;
        try
        {
            response = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, either.Token);
            LinkedFile file = await OpenAsync(response, from, version, either.Token);
            response = null;
            return file;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancel);
        }
        catch (OperationCanceledException e)
        {
            throw Failed(CustomerIoErrorKind.Timeout, "gave no answer in time", null, e);
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            throw Failed(CustomerIoErrorKind.Body, "gave too long headers", null, e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw Failed(CustomerIoErrorKind.Network, "lost its connection", null, e);
        }
        finally
        {
            response?.Dispose();
        }
    }

    private static HttpRequestMessage Message(Uri link, long from, string? version)
    {
        var message = new HttpRequestMessage(HttpMethod.Get, link) { Version = HttpVersion.Version11 };
        message.Headers.AcceptEncoding.ParseAdd("identity");
        message.Headers.UserAgent.ParseAdd("Sluice/0.1");
        if (from > 0)
        {
            message.Headers.Range = new RangeHeaderValue(from, null);
            if (version is not null)
            {
                message.Headers.IfRange = new RangeConditionHeaderValue(new EntityTagHeaderValue(version));
            }
        }

        return message;
    }

    private async Task<LinkedFile> OpenAsync(HttpResponseMessage response, long from, string? asked, CancellationToken cancel)
    {
        ContentRangeHeaderValue? range = response.Content.Headers.ContentRange;
        string? version = response.Headers.ETag is { IsWeak: false } tag ? tag.Tag : null;
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable && from > 0 && range?.Length == from)
        {
            response.Dispose();
            return new LinkedFile(null, Stream.Null, from, patience, time) { Length = from, Version = asked };
        }

        if (response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.PartialContent))
        {
            throw Refused((int)response.StatusCode);
        }

        // A part that does not begin where we stopped is of no use, and to put it there would mix up the file.
        bool isPart = response.StatusCode == HttpStatusCode.PartialContent;
        if (isPart && range?.From != from)
        {
            throw Failed(CustomerIoErrorKind.Envelope, "gave another range than was asked for", (int)response.StatusCode, null);
        }

        Stream content = await response.Content.ReadAsStreamAsync(cancel);
        return new LinkedFile(response, content, isPart ? from : 0, patience, time)
        {
            Length = isPart ? range!.Length : response.Content.Headers.ContentLength,
            Version = version,
        };
    }

    private static CustomerIoException Refused(int status) => Failed(
        status switch
        {
            401 => CustomerIoErrorKind.Unauthorized,
            403 => CustomerIoErrorKind.Forbidden,
            404 or 410 => CustomerIoErrorKind.NotFound,
            429 => CustomerIoErrorKind.RateLimited,
            >= 500 => CustomerIoErrorKind.ServerError,
            _ => CustomerIoErrorKind.BadRequest,
        },
        string.Create(CultureInfo.InvariantCulture, $"was answered with {status}"),
        status,
        null);

    private static CustomerIoException Failed(CustomerIoErrorKind kind, string what, int? status, Exception? cause) =>
        new(kind, LinkedFile.Endpoint, $"The link to a file {what}.", cause)
        {
            Status = status,
            IsTransient = kind != CustomerIoErrorKind.Body && status is null or 408 or 429 or >= 500,
        };

    private static SocketsHttpHandler Handler() => new()
    {
        // There is no key that a redirect could take to another host.
        MaxAutomaticRedirections = MostRedirects,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = TimeSpan.FromSeconds(15),
        PooledConnectionLifetime = TimeSpan.FromMinutes(15),
        UseCookies = false,
    };
}
