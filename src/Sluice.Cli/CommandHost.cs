using Sluice.Cli.Terminals;
using Sluice.Engine;

namespace Sluice.Cli;

/// <summary>The environment of a command: streams, settings, folder and clock.</summary>
internal sealed record CommandHost
{
    private const int UsualWidth = 80;

    /// <summary>For the result and nothing else.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>For progress, warnings and errors.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>The source of answers; only opened for a question, because it changes the terminal.</summary>
    public Func<TextReader> In { get; init; } = () => TextReader.Null;

    /// <summary>The source of rows, byte by byte.</summary>
    public Func<Stream> OpenInput { get; init; } = () => Stream.Null;

    /// <summary>The terminal that somebody types at; null when there is none whose cursor can be moved.</summary>
    public Func<Terminal?> OpenTerminal { get; init; } = () => null;

    /// <summary>Whether somebody can be asked.</summary>
    public bool IsInputTerminal { get; init; }

    public required SettingsLookup Settings { get; init; }

    /// <summary>The folder that paths are relative to.</summary>
    public required string Folder { get; init; }

    public bool IsErrorTerminal { get; init; }

    /// <summary>The columns of the terminal that results are written to; null when they go into a file or a pipe, which take any width.</summary>
    public int? Width => MeasureWidth();

    /// <summary>Measures <see cref="Width"/>; only called when it is needed, because that changes the terminal.</summary>
    public Func<int?> MeasureWidth { get; init; } = () => null;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public static CommandHost OfThisProcess()
    {
        var folder = Directory.GetCurrentDirectory();
        return new CommandHost
        {
            Out = Console.Out,
            Error = Console.Error,
            In = () => Console.In,
            OpenInput = Console.OpenStandardInput,
            OpenTerminal = Terminal.OfThisProcess,
            IsInputTerminal = !Console.IsInputRedirected && !Console.IsErrorRedirected,
            Settings = SettingsLookup.OfThisProcess(folder),
            Folder = folder,
            IsErrorTerminal = !Console.IsErrorRedirected,
            MeasureWidth = () => Console.IsOutputRedirected ? null : WidthOfTerminal(),
        };
    }

    // Terminals without a size, as some that programs lend to others, tell zero.
    private static int WidthOfTerminal() => Console.WindowWidth is var width and > 0 ? width : UsualWidth;
}

/// <summary>Settings by name: the process's environment first, then the file <c>.env</c> in the current folder.</summary>
/// <param name="environment">Gives a variable of the environment, or null.</param>
/// <param name="file">What the file says.</param>
/// <param name="unreadable">Why the file can't be read; null when it can, or when there is none.</param>
internal sealed class SettingsLookup(
    Func<string, string?> environment, IReadOnlyDictionary<string, string> file, SluiceException? unreadable = null)
{
    public static SettingsLookup OfThisProcess(string folder)
    {
        try
        {
            return new SettingsLookup(Environment.GetEnvironmentVariable, DotEnv.Read(Path.Combine(folder, ".env")));
        }
        catch (SluiceException error)
        {
            return new SettingsLookup(Environment.GetEnvironmentVariable, DotEnv.Parse([]), error);
        }
    }

    /// <exception cref="SluiceException">There is a file, and it can't be read (kind Config).</exception>
    public void RequireFile()
    {
        if (unreadable is not null)
        {
            throw unreadable;
        }
    }

    /// <summary>The value, or null when there is none or an empty one.</summary>
    public string? Find(string name) =>
        environment(name) is { Length: > 0 } value ? value : file.GetValueOrDefault(name) is { Length: > 0 } other ? other : null;

    /// <summary>Whether the value is the file's (true) or the environment's (false); null when there is none.</summary>
    public bool? IsOfFile(string name) => Find(name) is null ? null : environment(name) is not { Length: > 0 };

    /// <summary>The folder for everything that runs keep.</summary>
    public string WorkFolder => Find("SLUICE_HOME") ?? ".sluice";
}

/// <summary>Reads a <c>.env</c> file: NAME=value on each line, with quotes, comments and a leading <c>export</c> allowed.</summary>
internal static class DotEnv
{
    private const int MostCharacters = 1_000_000;

    /// <summary>Reads a file; nothing when there is none.</summary>
    /// <exception cref="SluiceException">There is one, and it can't be read or is no such file (kind Config).</exception>
    public static IReadOnlyDictionary<string, string> Read(string path)
    {
        try
        {
            return Path.Exists(path) ? Parse(Lines(path)) : Parse([]);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                $"The file of settings .env can't be read: {error.Message}",
                "Every command reads the file .env of the folder that it is run in: mend it, move it away, or run the command in another folder.",
                error);
        }
    }

    // Every command reads the .env of the folder it stands in, and that can be a link to something endless.
    private static string[] Lines(string path)
    {
        using var reader = File.OpenText(RegularFile.Require(path));
        var text = new char[MostCharacters + 1];
        var length = reader.ReadBlock(text);
        return length <= MostCharacters
            ? new string(text, 0, length).Split('\n')
            : throw new IOException($"{path} has more than {MostCharacters} characters, which no file of settings has.");
    }

    public static IReadOnlyDictionary<string, string> Parse(IEnumerable<string> lines)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in lines.Select(line => line.Trim()))
        {
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || line.StartsWith('#'))
            {
                continue;
            }

            var name = line[..equals].Trim();
            values[name.StartsWith("export ", StringComparison.Ordinal) ? name[7..].Trim() : name] = Value(line[(equals + 1)..].Trim());
        }

        return values;
    }

    private static string Value(string text)
    {
        if (text.Length >= 2 && text[0] is '"' or '\'' && text.IndexOf(text[0], 1) is var end and > 0)
        {
            return text[1..end];
        }

        var comment = text.IndexOf(" #", StringComparison.Ordinal);
        return comment < 0 ? text : text[..comment].TrimEnd();
    }
}
