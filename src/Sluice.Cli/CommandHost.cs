namespace Sluice.Cli;

/// <summary>The environment of a command: streams, settings, folder and clock.</summary>
internal sealed record CommandHost
{
    /// <summary>For the result and nothing else.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>For progress, warnings and errors.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>The source of answers; only opened for a question, because it changes the terminal.</summary>
    public Func<TextReader> In { get; init; } = () => TextReader.Null;

    /// <summary>Whether somebody can be asked.</summary>
    public bool IsInputTerminal { get; init; }

    public required SettingsLookup Settings { get; init; }

    /// <summary>The folder that paths are relative to.</summary>
    public required string Folder { get; init; }

    public bool IsErrorTerminal { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public static CommandHost OfThisProcess()
    {
        var folder = Directory.GetCurrentDirectory();
        return new CommandHost
        {
            Out = Console.Out,
            Error = Console.Error,
            In = () => Console.In,
            IsInputTerminal = !Console.IsInputRedirected && !Console.IsErrorRedirected,
            Settings = SettingsLookup.OfThisProcess(folder),
            Folder = folder,
            IsErrorTerminal = !Console.IsErrorRedirected,
        };
    }
}
