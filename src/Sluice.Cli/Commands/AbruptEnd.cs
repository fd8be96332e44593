namespace Sluice.Cli.Commands;

/// <summary>The end of the process without waiting for anything.</summary>
internal static class AbruptEnd
{
    private const string ShowCursor = "\e[?25h";

    public static void Now(int exitCode)
    {
        // A live table hides the cursor, and nobody else will show it again.
        if (!Console.IsErrorRedirected)
        {
            Console.Error.Write(ShowCursor);
        }

        Environment.Exit(exitCode);
    }
}
