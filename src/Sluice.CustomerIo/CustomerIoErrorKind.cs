namespace Sluice.CustomerIo;

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
