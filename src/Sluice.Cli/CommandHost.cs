using Sluice.Cli.Settings;

namespace Sluice.Cli;

/// <summary>What a command has around it: streams, settings, folder and clock.</summary>
internal sealed record CommandHost
{
    /// <summary>Takes the result and nothing else.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Takes everything that is said on the way.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Gives where answers come from; only asked for when there is a question, because it changes a terminal.</summary>
    public Func<TextReader> In { get; init; } = () => TextReader.Null;

    /// <summary>Whether somebody is there who can be asked.</summary>
    public bool IsInputTerminal { get; init; }

    public required SettingsLookup Settings { get; init; }

    /// <summary>The folder that relative paths start from.</summary>
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
