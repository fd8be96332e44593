using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Mime;
using System.Net.Sockets;
using Sluice.Server.Gate;

namespace Sluice.Server.Notifications;

/// <summary>Posts JSON to an address that somebody has set; follows no redirect, and repeats nothing of what is answered.</summary>
internal sealed class HttpDelivery : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly HttpClient _client;

    public HttpDelivery(OutboundGuard guard) => _client = new HttpClient(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        ConnectCallback = (context, cancel) => guard.ConnectAsync(context.DnsEndPoint, cancel),
    })
    {
        Timeout = Patience,
        MaxResponseContentBufferSize = 64 * 1024,
    };

    public async Task<DeliveryAnswer> PostAsync(
        string address, byte[] body, IEnumerable<KeyValuePair<string, string>> headers, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(MediaTypeNames.Application.Json);
        request.Headers.UserAgent.ParseAdd("Sluice");
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        try
        {
            using var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
            return Of(answer.StatusCode);
        }
        catch (HttpRequestException error)
        {
            return DeliveryAnswer.Later(Reason(error));
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return DeliveryAnswer.Later("timed out");
        }
    }

    public void Dispose() => _client.Dispose();

    private static DeliveryAnswer Of(HttpStatusCode status)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"HTTP {(int)status}");
        return (int)status switch
        {
            >= 200 and < 300 => DeliveryAnswer.Taken(text),
            >= 300 and < 400 => DeliveryAnswer.Refused($"{text}: redirects are not followed"),
            408 or 425 or 429 or >= 500 => DeliveryAnswer.Later(text),
            _ => DeliveryAnswer.Refused(text),
        };
    }

    private static string Reason(HttpRequestException error) => error switch
    {
        { InnerException: SocketException { SocketErrorCode: SocketError.TimedOut } } => "timed out",
        { InnerException: SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } } =>
            "no such host",
        { HttpRequestError: HttpRequestError.SecureConnectionError } => "no secure connection: the certificate won't do",
        _ => "refused",
    };
}
