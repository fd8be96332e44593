namespace Sluice.Engine;

/// <summary>A disk that takes no more. Whatever meets it first, a library or a database, tells it in its own way.</summary>
public static class FullDisk
{
    /// <summary>What helps.</summary>
    public const string Hint = "Make room, or set SLUICE_HOME to another folder; then run the same command again.";

    private const int OnUnix = 28;
    private const int OnWindows = unchecked((int)0x80070070);
    private const string Words = "No space left";

    /// <summary>Whether an error comes from it.</summary>
    public static bool IsReached(Exception? error) => error switch
    {
        null => false,
        IOException { HResult: OnUnix or OnWindows } => true,
        AggregateException all => all.InnerExceptions.Any(IsReached),
        _ => error.Message.Contains(Words, StringComparison.OrdinalIgnoreCase) || IsReached(error.InnerException),
    };

    /// <summary>An error of a library in words that tell what to do.</summary>
    public static SluiceException Told(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return new SluiceException(SluiceErrorKind.Config, $"The disk is full: {error.Message.Split('\n')[0]}", Hint, error);
    }
}
