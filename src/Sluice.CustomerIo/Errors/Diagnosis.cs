using System.Net;
using System.Security.Authentication;
using System.Text;
using System.Text.Json;
using Sluice.CustomerIo.Http;
using Sluice.CustomerIo.Parsing;
using Sluice.CustomerIo.Retries;
using Kind = Sluice.CustomerIo.CustomerIoErrorKind;

namespace Sluice.CustomerIo.Errors;

/// <summary>Tells from an answer or an exception what went wrong, whether to try again and what to do about it.</summary>
internal sealed class Diagnosis(CustomerIoOptions options, Redactor redactor, TimeProvider time)
{
    private const int ExcerptLength = 200;

    /// <summary>For a status other than 2xx.</summary>
    public Failure OfRefusal(Call call, HttpResponseMessage response, ReadOnlyMemory<byte> body)
    {
        int status = (int)response.StatusCode;
        string? detail = ErrorBody.Parse(body)?.Detail ?? Excerpt(body);
        if (Regions.IsWrong(response, detail, options.AddressOf(call.Request.Target)))
        {
            return new Failure(Kind.WrongRegion, $"was answered with {status}: the key is of an account in the other region")
            {
                Status = status,
                Detail = Clean(detail),
                Hint = Regions.Hint(response.Headers.Location, options.Region),
            };
        }

        Failure failure = OfStatus(call, status, response.ReasonPhrase, Clean(detail)) with
        {
            RetryAfter = RetryPlan.WaitAskedFor(response.Headers.RetryAfter, time),
            ServerTime = response.Headers.Date,
        };
        return status == 429 && failure.RetryAfter is null && call.Request.HasDailyQuota
            ? failure with { IsQuotaOfTheDay = true, Hint = "The workspace's quota of the day is used up: go on tomorrow." }
            : failure;
    }

    /// <summary>For an error that came with a status of success; the status within it, if any, counts.</summary>
    public Failure OfReported(Call call, ApiResponse answer, ErrorBody reported)
    {
        string? detail = Clean(reported.Detail);
        return reported.Status is >= 400 and < 600
            ? OfStatus(call, reported.Status.Value, "reported within a success", detail)
            : new Failure(Kind.Envelope, $"was answered with {answer.Status} and an error") { Status = answer.Status, Detail = detail };
    }

    /// <summary>For a body of another shape; the names of its fields stand in the words about it.</summary>
    public Failure OfPage(CustomerIoException error)
    {
        var clean = new CustomerIoException(error.Kind, error.Endpoint, redactor.WithoutKeys(error.Message), error.InnerException)
        {
            IsTransient = error.IsTransient,
            Status = error.Status,
            Detail = error.Detail is { } detail ? redactor.WithoutKeys(detail) : null,
            Hint = error.Hint,
        };
        return new Failure(clean.Kind, clean.Message) { Detail = clean.Message, Worded = clean };
    }

    /// <summary>For a complete body that is not JSON, or too deep.</summary>
    public Failure OfUnreadable(ApiResponse answer, JsonException cause) => JsonCheck.IsTooDeep(answer.Body.Span)
        ? new Failure(Kind.Body, $"was answered with {answer.Status} and JSON of more than {JsonLimits.MaxDepth} levels")
        {
            Status = answer.Status,
            Hint = "No table holds that: find the record that is nested so deep, or leave the table out.",
            Cause = cause,
        }
        : NotJson(answer, cause);

    private Failure NotJson(ApiResponse answer, JsonException cause) =>
        new(
            Kind.Body,
            $"was answered with {answer.Status} and a body of {answer.Body.Length} bytes that is not JSON ({answer.ContentType ?? "no content type"})"
        )
        {
            Status = answer.Status,
            // Broken JSON is a page with people's data, whatever it is declared as; a proxy's page has words.
            Detail = Clean(answer.IsDeclaredJson || IsMeantAsJson(answer.Body) ? cause.Message : Excerpt(answer.Body)),
            Hint = "Check that the address is Customer.io's and that no proxy answers in its place.",
            IsTransient = true,
            Cause = cause,
        };

    /// <summary>For an exception, with the status if the headers had come; null for one that is none of ours.</summary>
    public Failure? OfException(Exception exception, int? status) => exception switch
    {
        BodyTooLargeException => new Failure(Kind.Body, "gave too large an answer")
        {
            Status = status,
            Detail = exception.Message,
            Hint = "Ask for less at once: a smaller limit or a shorter time window.",
            Cause = exception,
        },
        HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => new Failure(Kind.Body, "gave too long headers")
        {
            Status = status,
            Detail = Clean(exception.Message),
            Hint = "Check that the address is Customer.io's and that no proxy answers in its place.",
            Cause = exception,
        },
        OperationCanceledException => new Failure(Kind.Timeout, $"gave no complete answer within {options.AttemptTimeout.TotalSeconds:0.###} s")
        {
            Status = status,
            Hint = "Ask for less at once, or raise the attempt timeout.",
            IsTransient = true,
            Cause = exception,
        },
        HttpRequestException or IOException or InvalidDataException when status is not null => new Failure(Kind.Body, $"was answered with " +
            $"{status} and a body that was cut off")
        {
            Status = status,
            Detail = Clean(exception.Message),
            IsTransient = true,
            Cause = exception,
        },
        HttpRequestException e => OfConnection(e),
        IOException => new Failure(Kind.Network, "lost its connection") { Detail = Clean(exception.Message), IsTransient = true, Cause = exception },
        _ => null,
    };

    private Failure OfConnection(HttpRequestException e)
    {
        bool beforeSending = e.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
            or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError;
        // A certificate that is refused once is refused again.
        bool isRefusedCertificate = e.InnerException is AuthenticationException;
        return new Failure(Kind.Network, beforeSending ? "could not connect" : "lost its connection")
        {
            Detail = Clean(e.Message),
            Hint = isRefusedCertificate ? "The server's certificate is not trusted: check the address and the proxy." : null,
            IsTransient = !isRefusedCertificate,
            IsUnprocessed = beforeSending,
            Cause = e,
        };
    }

    private Failure OfStatus(Call call, int status, string? reason, string? detail) =>
        new(KindOf(status), $"was answered with {status} {reason ?? ((HttpStatusCode)status).ToString()}")
        {
            Status = status,
            Detail = detail,
            Hint = HintFor(status, call.Request.Target),
            IsTransient = status is 408 or 429 or >= 500,
            IsUnprocessed = status is 429 or (>= 400 and < 500 and not 408),
        };

    private static Kind KindOf(int status) => status switch
    {
        401 => Kind.Unauthorized,
        403 => Kind.Forbidden,
        404 => Kind.NotFound,
        408 => Kind.Timeout,
        429 => Kind.RateLimited,
        >= 500 => Kind.ServerError,
        >= 400 => Kind.BadRequest,
        _ => Kind.Envelope,
    };

    private string? HintFor(int status, ApiTarget target) => status switch
    {
        401 => UnauthorizedHint(target),
        403 => "The key is known but may not do this: give it the scope in Account Settings > API Credentials.",
        404 => "It does not exist, was deleted meanwhile, or is named with another id type (id, email, phone, cio_id).",
        429 => "Another program may use the same workspace's limit: lower the requests per second or try later.",
        >= 500 => "Customer.io has a problem: try again later.",
        >= 300 and < 400 => "Redirects are not followed, because they would take the key to another host: correct the base address.",
        _ => null,
    };

    private string UnauthorizedHint(ApiTarget target)
    {
        string key = target == ApiTarget.Track ? "Check the site id and the Track API key" : "Check the App API key (not a Track key) and its scopes";
        (string here, string other) = options.Region == CustomerIoRegion.Eu ? ("eu", "us") : ("us", "eu");
        return $"{key}. A key works in the region of its account alone, and region {here} was asked: if the account is in {other}, "
            + $"as Account Settings > Privacy shows, {Regions.Setting(other)}";
    }

    private string? Clean(string? text) => string.IsNullOrWhiteSpace(text) ? null : redactor.Clean(text);

    private static bool IsMeantAsJson(ReadOnlyMemory<byte> body) => body.Span.TrimStart(" \t\r\n\uFEFF"u8) is [(byte)'{' or (byte)'[', ..];

    // The redactor must see whole keys: it gets more than is shown, and the excerpt is cut from what it leaves.
    private string Excerpt(ReadOnlyMemory<byte> body)
    {
        string text = redactor.Clean(Encoding.UTF8.GetString(body.Span[..Math.Min(body.Length, BodyBytes.ErrorLimit)]));
        return text.Length <= ExcerptLength ? text : string.Concat(text.AsSpan(0, ExcerptLength), "…");
    }
}

/// <summary>Why an attempt gave nothing, and whether another may be made.</summary>
internal sealed record Failure(CustomerIoErrorKind Kind, string What)
{
    public int? Status { get; init; }

    public string? Detail { get; init; }

    public string? Hint { get; init; }

    /// <summary>Another attempt may give something else.</summary>
    public bool IsTransient { get; init; }

    /// <summary>What is refused stays refused until the day is over: no wait of minutes helps.</summary>
    public bool IsQuotaOfTheDay { get; init; }

    /// <summary>It is certain that the server did nothing, so that even a write may be repeated.</summary>
    public bool IsUnprocessed { get; init; }

    /// <summary>How long the server asks to wait, as it came but never below zero or above the longest wait.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>When the server refused, by its clock.</summary>
    public DateTimeOffset? ServerTime { get; init; }

    public Exception? Cause { get; init; }

    /// <summary>The error itself, where it is worded already.</summary>
    public CustomerIoException? Worded { get; init; }

    public CustomerIoException ToException(string endpoint, bool isRead, int attempts) => Worded ?? Word(endpoint, isRead, attempts);

    private CustomerIoException Word(string endpoint, bool isRead, int attempts)
    {
        bool ambiguous = !isRead && !IsUnprocessed && (IsTransient || Kind == CustomerIoErrorKind.Body);
        string? hint = ambiguous ? "It may have been carried out all the same: look before repeating it." : Hint;
        string tries = attempts > 1 ? $" after {attempts} attempts" : "";
        string detail = Detail is null ? "" : $": {Detail}";
        string message = $"{endpoint} {What}{tries}{detail}{(detail.EndsWith('.') ? "" : ".")}{(hint is null ? "" : $" {hint}")}";
        return new CustomerIoException(Kind, endpoint, message, Cause)
        {
            IsTransient = IsTransient,
            MayHaveBeenProcessed = ambiguous,
            Status = Status,
            ServerTime = ServerTime,
            Detail = Detail,
            Hint = hint,
        };
    }
}

/// <summary>How an account of the other datacenter is recognised.</summary>
internal static class Regions
{
    /// <summary>Whether a refusal comes from the wrong datacenter: it redirects to the other one, or says so.</summary>
    public static bool IsWrong(HttpResponseMessage response, string? detail, Uri asked)
    {
        int status = (int)response.StatusCode;
        bool says =
            detail is not null
            && (
                detail.Contains("wrong datacenter", StringComparison.OrdinalIgnoreCase)
                || detail.Contains("wrong data center", StringComparison.OrdinalIgnoreCase));
        return status switch
        {
            >= 300 and < 400 => says || IsOtherDatacenter(response.Headers.Location, asked),
            >= 400 and < 500 => says,
            _ => false,
        };
    }

    public static string Hint(Uri? location, CustomerIoRegion region)
    {
        string other = region == CustomerIoRegion.Eu ? "us" : "eu";
        if (location is { IsAbsoluteUri: true } && location.Host.EndsWith(".customer.io", StringComparison.OrdinalIgnoreCase))
        {
            other = location.Host.Contains("-eu", StringComparison.OrdinalIgnoreCase) ? "eu" : "us";
        }

        return $"The account is in region {other}: {Setting(other)}";
    }

    /// <summary>How the region is set, wherever the key is.</summary>
    public static string Setting(string region) =>
        $"set CUSTOMERIO_REGION={region}, region: {region} in sluice.yaml or region={region} in the address of the source.";

    // A redirect's address that is a datacenter's, and not the one asked.
    private static bool IsOtherDatacenter(Uri? location, Uri asked) =>
        location is { IsAbsoluteUri: true }
        && location.Host.EndsWith(".customer.io", StringComparison.OrdinalIgnoreCase)
        && !string.Equals(location.Host, asked.Host, StringComparison.OrdinalIgnoreCase);
}
