namespace Sluice.CustomerIo;

/// <summary>A call to Customer.io that did not give a usable answer; its message says what was done, what came and what to do next.</summary>
public sealed class CustomerIoException : Exception
{
    /// <summary>Makes the exception; the message must hold no keys.</summary>
    public CustomerIoException(CustomerIoErrorKind kind, string endpoint, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Kind = kind;
        Endpoint = endpoint;
    }

    /// <summary>What went wrong, by what can be done about it.</summary>
    public CustomerIoErrorKind Kind { get; }

    /// <summary>Method and path, for example <c>GET /v1/campaigns/7/actions</c>; never a query or a key.</summary>
    public string Endpoint { get; }

    /// <summary>Whether the same request may succeed later without any change.</summary>
    public bool IsTransient { get; init; }

    /// <summary>Whether a write may have been carried out all the same, so that repeating it may do it twice.</summary>
    public bool MayHaveBeenProcessed { get; init; }

    /// <summary>The HTTP status, if an answer came.</summary>
    public int? Status { get; init; }

    /// <summary>When the server answered by its own clock (the header <c>Date</c>), if an answer came.</summary>
    public DateTimeOffset? ServerTime { get; init; }

    /// <summary>The API's own words, redacted and at most 500 characters.</summary>
    public string? Detail { get; init; }

    /// <summary>What to do next.</summary>
    public string? Hint { get; init; }
}

/// <summary>What went wrong in a call to Customer.io, by what can be done about it.</summary>
public enum CustomerIoErrorKind
{
    /// <summary>401: the key is unknown, or unknown in this region.</summary>
    Unauthorized,

    /// <summary>403: the key is known but lacks the scope.</summary>
    Forbidden,

    /// <summary>404: the thing does not exist, or was deleted meanwhile, or is named with the wrong id type.</summary>
    NotFound,

    /// <summary>Any other 4xx: the request itself is wrong.</summary>
    BadRequest,

    /// <summary>429 for longer than the retry time allows.</summary>
    RateLimited,

    /// <summary>5xx.</summary>
    ServerError,

    /// <summary>No connection, or it was lost before an answer came.</summary>
    Network,

    /// <summary>No complete answer within the attempt's time, or 408.</summary>
    Timeout,

    /// <summary>The account lives in the other datacenter.</summary>
    WrongRegion,

    /// <summary>Valid JSON that is not what this endpoint is known to answer, for example without the root key.</summary>
    Envelope,

    /// <summary>A paging cursor that repeats or makes no sense.</summary>
    Cursor,

    /// <summary>A body that is cut, not JSON, or too large.</summary>
    Body,
}
