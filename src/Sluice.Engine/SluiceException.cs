using Sluice.CustomerIo;
using Sluice.Engine.Extract;

namespace Sluice.Engine;

/// <summary>An error that names what was being done, what came in the way and what to do next; never holds a key.</summary>
public sealed class SluiceException : Exception
{
    /// <summary>Makes an error of a kind, with what to do next.</summary>
    public SluiceException(SluiceErrorKind kind, string message, string? hint = null, Exception? inner = null)
        : base(OpenFileLimit.Told(message, inner), inner)
    {
        Kind = kind;
        Hint = OpenFileLimit.IsReached(inner) ? OpenFileLimit.Hint : hint;
    }

    /// <summary>The kind, which decides the exit code.</summary>
    public SluiceErrorKind Kind { get; }

    /// <summary>What the user can do next, if anything is known to help.</summary>
    public string? Hint { get; }

    /// <summary>Whether the same run may succeed later without a change.</summary>
    public bool IsTransient { get; init; }

    /// <summary>Requests that it would take, as far as that is known, when they are more than may be made; null otherwise.</summary>
    public long? NeededRequests { get; init; }

    /// <summary>The table it happened in, when it happened in one.</summary>
    public string? Table { get; init; }

    /// <summary>Turns the client's error into the engine's, keeping its words.</summary>
    public static SluiceException From(CustomerIoException error, string? table = null) =>
        new(KindOf(error.Kind), error.Message, error.Hint, error) { IsTransient = error.IsTransient, Table = table };

    /// <summary>The error behind wrappers, in the engine's terms.</summary>
    internal static SluiceException From(Exception error, string table) =>
        error switch
        {
            SluiceException known => known,
            ExtractionFailedException or AggregateException when error.InnerException is { } inner => From(inner, table),
            CustomerIoException api => From(api, table),
            OperationCanceledException => new SluiceException(
                SluiceErrorKind.Cancelled,
                "Stopped on request.",
                "Run the same command again: it goes on."),
            _ => new SluiceException(
                SluiceErrorKind.Unexpected,
                $"{error.GetType().Name}: {error.Message}",
                "Please report this with --debug output.",
                error),
        };

    /// <summary>
    /// Whether this is no matter of one table: the process or its installation is broken, or Sluice is, and whatever goes on may go wrong, too.
    /// </summary>
    internal static bool IsFatal(Exception error) =>
        error is ExtractionFailedException or AggregateException && error.InnerException is { } inner
            ? IsFatal(inner)
            : error is OutOfMemoryException or NullReferenceException or TypeLoadException or TypeInitializationException
                or MissingMemberException or BadImageFormatException or InvalidProgramException or AccessViolationException;

    private static SluiceErrorKind KindOf(CustomerIoErrorKind kind) => kind switch
    {
        CustomerIoErrorKind.Unauthorized or CustomerIoErrorKind.WrongRegion => SluiceErrorKind.Auth,
        CustomerIoErrorKind.Forbidden => SluiceErrorKind.Forbidden,
        CustomerIoErrorKind.RateLimited => SluiceErrorKind.RateLimit,
        _ => SluiceErrorKind.Api,
    };
}

/// <summary>What went wrong, in the words that decide the exit code.</summary>
public enum SluiceErrorKind
{
    /// <summary>A bug or something nobody foresaw (exit code 1).</summary>
    Unexpected,

    /// <summary>The command line, a setting or a file of the user is wrong (exit code 2).</summary>
    Config,

    /// <summary>Customer.io refused the key (exit code 3).</summary>
    Auth,

    /// <summary>The key is good but may not read this (exit code 4).</summary>
    Forbidden,

    /// <summary>Customer.io failed, or answered what it should not (exit code 5).</summary>
    Api,

    /// <summary>Customer.io kept answering 429 until the time for retries was over (exit code 5).</summary>
    RateLimit,

    /// <summary>Records do not fit the table under the schema contract (exit code 7).</summary>
    Schema,

    /// <summary>The destination failed (exit code 6).</summary>
    Destination,

    /// <summary>The user or the system asked to stop (exit code 130).</summary>
    Cancelled,
}
