namespace Sluice.Engine;

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
