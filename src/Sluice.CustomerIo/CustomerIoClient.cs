using Sluice.CustomerIo.Errors;
using Sluice.CustomerIo.Http;
using Sluice.CustomerIo.RateLimit;
using Sluice.CustomerIo.Retries;

namespace Sluice.CustomerIo;

/// <summary>
/// Talks to one Customer.io workspace, one HTTP exchange at a time and each one well: within the budget, tried again when that makes sense,
/// answered whole or with an error that says what to do. Safe for use by many callers at once.
/// </summary>
public sealed class CustomerIoClient : IDisposable
{
    private readonly CustomerIoOptions _options;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;
    private readonly Lazy<LinkReader> _links;
    private readonly Exchange _exchange;
    private readonly Redactor _redactor;
    private readonly Jitter _jitter;
    private readonly Counters _counters = new();

    /// <summary>
    /// Makes a client; a given handler stays the caller's, and given budgets may be shared with other clients of the same workspace.
    /// </summary>
    /// <exception cref="ArgumentException">The options hold mistakes: all of them are named.</exception>
    public CustomerIoClient(
        CustomerIoOptions options,
        TimeProvider? time = null,
        HttpMessageHandler? handler = null,
        RequestBudget? budget = null,
        RequestBudget? trackBudget = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        OptionsCheck.ThrowIfWrong(options);
        _options = options;
        _time = time ?? TimeProvider.System;
        _redactor = new Redactor(options);
        _jitter = new Jitter(options.Seed);
        _http = new HttpClient(handler ?? HandlerFactory.Create(options.MaxConnections), disposeHandler: handler is null)
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _exchange = new Exchange(_http, options, new Credentials(options), new Diagnosis(options, _redactor, _time), _time);
        _links = new Lazy<LinkReader>(() => new LinkReader(handler, options.AttemptTimeout, _time));
        Budget = budget ?? new RequestBudget(options.RequestsPerSecond, _time);
        TrackBudget = trackBudget ?? new RequestBudget(options.TrackRequestsPerSecond, _time);
    }

    /// <summary>The App API's budget, through which every request, retry and write of the workspace goes.</summary>
    public RequestBudget Budget { get; }

    /// <summary>The Track API's budget; its limit is another than the App API's (Customer.io Track API reference).</summary>
    public RequestBudget TrackBudget { get; }

    /// <summary>Whether there is a key for the Track API.</summary>
    public bool HasTrack => !string.IsNullOrEmpty(_options.TrackApiKey);

    /// <summary>The host of the App API and, where it is not the usual one, its port.</summary>
    public string AppHost => _options.AddressOf(ApiTarget.App).Authority;

    /// <summary>What was done so far.</summary>
    public ClientStatistics Statistics => _counters.Snapshot();

    /// <summary>Is told of each attempt when it is over, on the attempt's own thread; what it throws reaches the caller of the request.</summary>
    public Action<AttemptRecord>? Observer { get; set; }

    /// <summary>
    /// Is told, on a thread of its own, of a request that has been without a usable answer for 2.5 s, and again every 15 s; it must not throw.
    /// </summary>
    public Action<OverdueAnswer>? Overdue { get; set; }

    /// <summary>
    /// Sends a request and gives back its complete answer; reads are repeated after 408, 429, 5xx, lost connections, time-outs and damaged bodies,
    /// writes only when it is certain that nothing was processed. A Retry-After is taken as at least 0 and at most 120 s.
    /// </summary>
    /// <exception cref="CustomerIoException">No usable answer came.</exception>
    /// <exception cref="ArgumentException">The route and its values do not fit.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    public async Task<ApiResponse> SendAsync(ApiRequest request, CancellationToken cancel = default)
    {
        (ApiResponse answer, Call call) = await SendAsync<ApiResponse>(request, JsonReading.Read, cancel);
        call.Share?.Dispose();
        return answer with { Attempts = call.Attempts, Waited = call.Waited };
    }

    /// <summary>
    /// Opens a signed link, as exports have one for their file: without the key, and outside the budget, since it leads to no part of the API.
    /// </summary>
    /// <param name="link">The link; whoever has it has the file, so that no error and no log shows it.</param>
    /// <param name="from">The first byte that is wanted, 0 for the whole file.</param>
    /// <param name="version">The version that the bytes before had, or null: of another version the whole file is given.</param>
    /// <param name="cancel">Stops waiting for the answer.</param>
    /// <exception cref="CustomerIoException">The link would carry over http what the API carries over https, or no file came; 4xx mostly means that
    /// the link has expired.</exception>
    public async Task<LinkedFile> OpenLinkAsync(Uri link, long from = 0, string? version = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(link);
        LinkReader.RefuseHttp(link, _options.AddressOf(ApiTarget.App));
        long started = _time.GetTimestamp();
        try
        {
            LinkedFile file = await _links.Value.OpenAsync(link, from, version, cancel);
            Observer?.Invoke(
                new AttemptRecord
                {
                    Endpoint = LinkedFile.Endpoint,
                    Attempt = 1,
                    Status = file.Status,
                    Bytes = file.Length - file.From ?? 0,
                    Duration = _time.GetElapsedTime(started),
                });
            return file;
        }
        catch (CustomerIoException e)
        {
            Observer?.Invoke(
                new AttemptRecord
                {
                    Endpoint = LinkedFile.Endpoint,
                    Attempt = 1,
                    Status = e.Status,
                    Error = e.Kind,
                    Detail = e.Message,
                    Duration = _time.GetElapsedTime(started),
                });
            throw;
        }
    }

    /// <summary>The text with the workspace's keys taken out: a server that is no friend can send them back, even as the name of a field.</summary>
    public string WithoutKeys(string text) => _redactor.WithoutKeys(text);

    /// <summary>Closes the connections.</summary>
    public void Dispose()
    {
        _http.Dispose();
        if (_links.IsValueCreated)
        {
            _links.Value.Dispose();
        }
    }

    /// <summary>The same for a body that is read in a way of its own; the call's share of the memory is the caller's to give back.</summary>
    internal async Task<(T Value, Call Call)> SendAsync<T>(ApiRequest request, BodyReading<T> read, CancellationToken cancel)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(request);
        var call = new Call(request, _options, _redactor);
        var plan = new RetryPlan(_options, _jitter, _time, request.IsRead || request.IsRepeatable);
        using AnswerTimer? timer = Overdue is null ? null : new AnswerTimer(call, Overdue, _time);
        while (true)
        {
            Outcome<T> outcome = await AttemptAsync(call, plan, timer, read, cancel);
            if (outcome.Failure is null)
            {
                return (outcome.Value!, call);
            }

            timer?.Failed(outcome.Failure);
            call.Share?.Dispose();
            if (outcome.RetryIn is not { } wait)
            {
                throw outcome.Failure.ToException(call.Endpoint, request.IsRead, call.Attempts);
            }

            await WaitAsync(call, outcome.Failure, wait, cancel);
        }
    }

    private async Task<Outcome<T>> AttemptAsync<T>(Call call, RetryPlan plan, AnswerTimer? timer, BodyReading<T> read, CancellationToken cancel)
        where T : class
    {
        BudgetSlot slot = await EnterAsync(call, cancel);
        call.Attempts++;
        timer?.Begin();
        long started = _time.GetTimestamp();
        Outcome<T> outcome = await _exchange.RunAsync(call, slot, read, cancel);
        outcome = outcome with { RetryIn = outcome.Failure is null ? null : plan.Next(outcome.Failure) };
        _counters.Attempted(call, outcome.Failure, outcome.Bytes, outcome.RetryIn is not null);
        Observer?.Invoke(new AttemptRecord
        {
            Endpoint = call.Endpoint,
            Query = call.Query,
            Attempt = call.Attempts,
            Status = outcome.Status,
            Error = outcome.Failure?.Kind,
            Detail = outcome.Failure?.Detail,
            Duration = _time.GetElapsedTime(started),
            Bytes = outcome.Bytes,
            RetryIn = outcome.RetryIn,
        });
        return outcome;
    }

    private async Task<BudgetSlot> EnterAsync(Call call, CancellationToken cancel)
    {
        if (call.Request.ExtraBudget is { } extra)
        {
            call.Waited += (await extra.EnterAsync(cancel)).Waited;
        }

        BudgetSlot slot = await BudgetOf(call).EnterAsync(cancel);
        call.Waited += slot.Waited;
        return slot;
    }

    // A limit that was hit holds for everybody: then the budget waits, and this request with it at the end of the queue.
    private async Task WaitAsync(Call call, Failure failure, TimeSpan wait, CancellationToken cancel)
    {
        if (failure.Kind == CustomerIoErrorKind.RateLimited)
        {
            BudgetOf(call).SlowDown(wait);
            call.Request.ExtraBudget?.SlowDown(wait);
            return;
        }

        call.Waited += wait;
        await Task.Delay(wait, _time, cancel);
    }

    private RequestBudget BudgetOf(Call call) => call.Request.Target == ApiTarget.Track ? TrackBudget : Budget;
}

/// <summary>What one attempt did, for debug logging; it never holds keys or bodies.</summary>
public sealed record AttemptRecord
{
    /// <summary>Method and path.</summary>
    public required string Endpoint { get; init; }

    /// <summary>The encoded query without its question mark, or "".</summary>
    public string Query { get; init; } = "";

    /// <summary>The attempt's number within its request, from 1.</summary>
    public int Attempt { get; init; }

    /// <summary>The HTTP status, if an answer came.</summary>
    public int? Status { get; init; }

    /// <summary>What went wrong, or null when nothing did.</summary>
    public CustomerIoErrorKind? Error { get; init; }

    /// <summary>The failure in words, redacted.</summary>
    public string? Detail { get; init; }

    /// <summary>Time from the start of sending to the whole answer or the failure.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Size of the decompressed answer in bytes.</summary>
    public long Bytes { get; init; }

    /// <summary>The wait before the next attempt, or null if there is none.</summary>
    public TimeSpan? RetryIn { get; init; }
}

/// <summary>A request that is on its way for long.</summary>
public sealed record OverdueAnswer
{
    /// <summary>Method and path, redacted.</summary>
    public required string Endpoint { get; init; }

    /// <summary>Host and, where it is not the usual one, port of who is asked.</summary>
    public required string Server { get; init; }

    /// <summary>Time since the first attempt left.</summary>
    public TimeSpan Since { get; init; }

    /// <summary>Attempts so far, the present one included.</summary>
    public int Attempt { get; init; }

    /// <summary>Why the last attempt failed, redacted; null when there was none before.</summary>
    public string? LastFailure { get; init; }
}
