using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Sluice.CustomerIo.Errors;
using Sluice.CustomerIo.RateLimit;

namespace Sluice.CustomerIo.Http;

/// <summary>One attempt: the request out, the whole answer in, within the attempt's time.</summary>
internal sealed class Exchange(HttpClient http, CustomerIoOptions options, Credentials credentials, Diagnosis diagnosis, TimeProvider time)
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    public async Task<Outcome<T>> RunAsync<T>(Call call, BudgetSlot slot, BodyReading<T> read, CancellationToken cancel)
        where T : class
    {
        using HttpRequestMessage message = Message(call, slot);
        using var timeout = new CancellationTokenSource(options.AttemptTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, timeout.Token);
        HttpResponseMessage? response = null;
        try
        {
            response = await SendAsync(message, slot, either.Token);
            return response.IsSuccessStatusCode
                ? await AcceptAsync(call, response, read, timeout, either.Token)
                : await RefuseAsync<T>(call, response, either.Token);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancel);
        }
        catch (Exception e) when (diagnosis.OfException(e, (int?)response?.StatusCode) is { } failure)
        {
            return new Outcome<T>(null, failure) { Status = failure.Status };
        }
        finally
        {
            response?.Dispose();
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage message, BudgetSlot slot, CancellationToken cancel)
    {
        WireTrace.Begin(slot);
        Task<HttpResponseMessage> sending = http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancel);
        // On an open connection the call above returns when the bytes are handed to the system: that is when the request really left.
        slot.Sent();
        HttpResponseMessage response = await sending;
        slot.Answered();
        return response;
    }

    private HttpRequestMessage Message(Call call, BudgetSlot slot)
    {
        var message = new HttpRequestMessage(call.Request.Method, call.Uri)
        {
            Version = options.HttpVersion ?? System.Net.HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        message.Headers.Authorization = credentials.For(call.Request, call.Endpoint);
        message.Headers.Accept.ParseAdd("application/json");
        message.Headers.UserAgent.ParseAdd("Sluice/0.1");
        message.Options.Set(HandlerFactory.SlotKey, slot);
        if (!call.Request.Body.IsEmpty)
        {
            message.Content = new ReadOnlyMemoryContent(call.Request.Body);
            message.Content.Headers.ContentType = Json;
        }

        return message;
    }

    private async Task<Outcome<T>> AcceptAsync<T>(
        Call call, HttpResponseMessage response, BodyReading<T> read, CancellationTokenSource timeout, CancellationToken cancel)
        where T : class
    {
        (ReadOnlyMemory<byte> body, call.Share) = await BodyBytes.ReadAsync(
            response.Content, BodyBytes.Limit, length => TakeShareAsync(length, timeout, cancel), cancel);
        var answer = new ApiResponse
        {
            Status = (int)response.StatusCode,
            Body = body,
            ServerTime = response.Headers.Date,
            ContentType = response.Content.Headers.ContentType?.MediaType,
        };
        return Interpret(call, answer, read) with { Status = answer.Status, Bytes = body.Length, ServerTime = answer.ServerTime };
    }

    // The wait is ours: the server does not have to answer in less time for it.
    private async Task<BodyShare> TakeShareAsync(int length, CancellationTokenSource timeout, CancellationToken cancel)
    {
        timeout.CancelAfter(Timeout.InfiniteTimeSpan);
        BodyShare share = await BodyBudget.OfProcess.TakeAsync(length, cancel);
        timeout.CancelAfter(options.AttemptTimeout);
        return share;
    }

    private Outcome<T> Interpret<T>(Call call, ApiResponse answer, BodyReading<T> read)
        where T : class
    {
        try
        {
            Reading<T> reading = read(answer, call);
            return reading.Reported is { } reported
                ? new Outcome<T>(null, diagnosis.OfReported(call, answer, reported))
                : new Outcome<T>(reading.Value, null);
        }
        catch (CustomerIoException e)
        {
            return new Outcome<T>(null, diagnosis.OfPage(e) with { Status = answer.Status });
        }
        catch (JsonException e)
        {
            return new Outcome<T>(null, diagnosis.OfUnreadable(answer, e));
        }
    }

    private async Task<Outcome<T>> RefuseAsync<T>(Call call, HttpResponseMessage response, CancellationToken cancel)
        where T : class
    {
        ReadOnlyMemory<byte> body = await BodyBytes.ReadStartAsync(response.Content, cancel);
        Failure failure = diagnosis.OfRefusal(call, response, body);
        return new Outcome<T>(null, failure) { Status = failure.Status, Bytes = body.Length, ServerTime = response.Headers.Date };
    }
}

internal sealed class Credentials(CustomerIoOptions options)
{
    private readonly AuthenticationHeaderValue? _app = string.IsNullOrEmpty(options.AppApiKey) ? null : new("Bearer", options.AppApiKey);

    private readonly AuthenticationHeaderValue? _track = string.IsNullOrEmpty(options.TrackApiKey)
        ? null
        : new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.SiteId}:{options.TrackApiKey}")));

    /// <summary>The header for a request; null for one that needs none.</summary>
    /// <exception cref="CustomerIoException">There is no key for it.</exception>
    public AuthenticationHeaderValue? For(ApiRequest request, string endpoint) => request switch
    {
        { IsAnonymous: true } => null,
        { Target: ApiTarget.App } => _app ?? throw Missing(
            endpoint, "App API key", "Set the App API key (Account Settings > API Credentials > App API Keys)."),
        _ => _track ?? throw Missing(
            endpoint, "Track API key", "Set the site id and the Track API key (Settings > API Credentials > Track API Keys)."),
    };

    private static CustomerIoException Missing(string endpoint, string key, string hint) =>
        new(CustomerIoErrorKind.Unauthorized, endpoint, $"{endpoint} was not sent: there is no {key}. {hint}") { Hint = hint };
}

/// <summary>Makes something of a complete body; a <see cref="System.Text.Json.JsonException"/> says that the body is damaged.</summary>
internal delegate Reading<T> BodyReading<T>(ApiResponse answer, Call call)
    where T : class;

/// <summary>What a valid body said: a value, or an error that came with a status of success.</summary>
internal sealed record Reading<T>(T? Value, ErrorBody? Reported)
    where T : class;

/// <summary>What one attempt gave: a value or a failure.</summary>
internal sealed record Outcome<T>(T? Value, Failure? Failure)
    where T : class
{
    /// <summary>The wait before the next attempt, or null when this was the last.</summary>
    public TimeSpan? RetryIn { get; init; }

    public int? Status { get; init; }

    public long Bytes { get; init; }

    public DateTimeOffset? ServerTime { get; init; }
}
