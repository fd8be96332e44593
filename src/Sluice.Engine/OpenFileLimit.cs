using System.Net.Sockets;

namespace Sluice.Engine;

/// <summary>
/// The system's limit of files and connections that a process may have open. Whatever meets it first, a library, a disk or a server seems to be at
/// fault, and the advice for those would not help.
/// </summary>
public static class OpenFileLimit
{
    /// <summary>What helps.</summary>
    public const string Hint = "Allow more, as with 'ulimit -n 1024', or read fewer tables at once; then run the same command again: it goes on.";

    private const string Words = "Too many open files";
    private const int OfProcess = 24;
    private const int OfSystem = 23;

    /// <summary>Whether an error comes from the limit.</summary>
    public static bool IsReached(Exception? error) => error switch
    {
        null => false,
        SocketException { SocketErrorCode: SocketError.TooManyOpenSockets } => true,
        IOException { HResult: OfProcess or OfSystem } => true,
        AggregateException all => all.InnerExceptions.Any(IsReached),
        _ => error.Message.Contains(Words, StringComparison.OrdinalIgnoreCase) || IsReached(error.InnerException),
    };

    /// <summary>A message that says so.</summary>
    internal static string Told(string message, Exception? inner) =>
        IsReached(inner) && !message.Contains(Words, StringComparison.OrdinalIgnoreCase) ? $"{message} {Words}." : message;
}
