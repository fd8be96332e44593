namespace Sluice.CustomerIo.Errors;

/// <summary>Why an attempt gave nothing, and whether another may be made.</summary>
internal sealed record Failure(CustomerIoErrorKind Kind, string What)
{
    public int? Status { get; init; }

    public string? Detail { get; init; }

    public string? Hint { get; init; }

    /// <summary>Another attempt may give something else.</summary>
    public bool IsTransient { get; init; }

    /// <summary>It is certain that the server did nothing, so that even a write may be repeated.</summary>
    public bool IsUnprocessed { get; init; }

    /// <summary>How long the server asks to wait, as it came but never below zero or above the longest wait.</summary>
    public TimeSpan? RetryAfter { get; init; }

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
            Detail = Detail,
            Hint = hint,
        };
    }
}
