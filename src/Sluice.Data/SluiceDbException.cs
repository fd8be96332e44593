using System.Data.Common;
using System.Text.RegularExpressions;
using Sluice.Engine;

namespace Sluice.Data;

/// <summary>An error of a query, of the connection string or of Customer.io; its message says what to do next and never holds a key.</summary>
public sealed partial class SluiceDbException : DbException
{
    internal SluiceDbException(SluiceErrorKind kind, string message, string? hint = null, Exception? inner = null, bool isTransient = false)
        : base(hint is null ? message : $"{message}\n{hint}", inner) =>
        (Kind, Hint, IsTransient) = (kind, hint, isTransient);

    /// <summary>What went wrong, by what can be done about it.</summary>
    public SluiceErrorKind Kind { get; }

    /// <summary>What can be done next, if anything is known to help; the message ends with it.</summary>
    public string? Hint { get; }

    /// <summary>Whether the same command may succeed later without a change.</summary>
    public override bool IsTransient { get; }

    /// <summary>The kind as one of SQL's states.</summary>
    public override string SqlState => Kind switch
    {
        SluiceErrorKind.Config => "42000",
        SluiceErrorKind.Auth => "28000",
        SluiceErrorKind.Forbidden => "42501",
        SluiceErrorKind.Api or SluiceErrorKind.RateLimit => "08000",
        SluiceErrorKind.Destination => "53000",
        SluiceErrorKind.Cancelled => "57014",
        _ => "58000",
    };

    internal static SluiceDbException From(SluiceException error) =>
        new(error.Kind, error.Message, error.Hint is { } hint ? InWordsOfConnections(hint) : null, error, error.IsTransient);

    // The session speaks of the command line's options.
    private static string InWordsOfConnections(string hint)
    {
        var said = hint
            .Replace("--max-requests allows more", $"{ConnectionKey.MaxRequests.Name} in the connection string allows more", StringComparison.Ordinal)
            .Replace("Set CUSTOMERIO_SITE", "Give SiteId and TrackKey in the connection string, or set CUSTOMERIO_SITE", StringComparison.Ordinal)
            .Replace(": --attach opens a DuckDB file to read", "", StringComparison.Ordinal)
            .Replace("run the same command again", "run the query again", StringComparison.OrdinalIgnoreCase);
        said = MaxRequestsHint().Replace(said, $"{ConnectionKey.MaxRequests.Name}=$1 in the connection string");
        return ParameterHint().Replace(said, "Add a parameter $1 to the command.");
    }

    [GeneratedRegex(@"--max-requests (\d+)", RegexOptions.NonBacktracking)]
    private static partial Regex MaxRequestsHint();

    [GeneratedRegex(@"Give it one: --param (.*)=VALUE", RegexOptions.NonBacktracking)]
    private static partial Regex ParameterHint();
}
