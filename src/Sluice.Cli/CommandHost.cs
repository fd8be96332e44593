using Sluice.Cli.Settings;

namespace Sluice.Cli;

/// <summary>What a command has around it: streams, settings, folder and clock.</summary>
internal sealed record CommandHost
{
    /// <summary>Takes the result and nothing else.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Takes everything that is said on the way.</summary>
    public required TextWriter Error { get; init; }

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
            Settings = SettingsLookup.OfThisProcess(folder),
            Folder = folder,
            IsErrorTerminal = !Console.IsErrorRedirected,
        };
    }
}
