using Sluice.Sql;
using Spectre.Console;

namespace Sluice.Cli.Terminals;

/// <summary>A terminal whose cursor can be moved: keys come from it, and what is written to it may hold escape sequences.</summary>
/// <param name="readKey">Waits for a key and does not show it.</param>
/// <param name="hasKey">Whether a key waits.</param>
/// <param name="screen">What is shown.</param>
/// <param name="size">Columns and rows.</param>
internal sealed class Terminal(Func<ConsoleKeyInfo> readKey, Func<bool> hasKey, TextWriter screen, Func<(int Width, int Height)> size)
{
    private Task<ConsoleKeyInfo>? _next;

    /// <summary>Whether a key waits, as it does while text is pasted.</summary>
    public bool HasKey => _next?.IsCompleted ?? hasKey();

    public (int Width, int Height) Size => size();

    /// <summary>The terminal of this process, on stdin and stderr; null when its cursor can't be moved.</summary>
    public static Terminal? OfThisProcess()
    {
        var profile = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) }).Profile;
        return profile.Capabilities.Ansi
            ? new Terminal(() => Console.ReadKey(intercept: true), () => Console.KeyAvailable, Console.Error, () => (profile.Width, profile.Height))
            : null;
    }

    /// <summary>Waits for a key; null when the terminal is closed.</summary>
    public async Task<ConsoleKeyInfo?> KeyAsync(CancellationToken cancel)
    {
        try
        {
            var key = await NextKeyAsync(cancel);
            _next = null;
            return key;
        }
        catch (Exception error) when (error is InvalidOperationException or IOException)
        {
            return null;
        }
    }

    /// <summary>Waits for a key and leaves it to be the next one.</summary>
    public Task<ConsoleKeyInfo> NextKeyAsync(CancellationToken cancel)
    {
        // The runtime's reading can't be stopped: the key that ends it is the next one, whoever asks for it.
        _next ??= Task.Run(readKey, CancellationToken.None);
        return _next.WaitAsync(cancel);
    }

    /// <summary>Asks and gives what is typed; null when the terminal is closed.</summary>
    public Task<string?> AskAsync(string question, CancellationToken cancel) =>
        new LineEditor(this, History.None, (_, place) => new Completions(place, [])).ReadAsync(question, _ => true, cancel);

    public void Write(string text) => screen.Write(text);

    /// <summary>Writes a remark, less bright than the rest.</summary>
    public void Remark(string text) => Write($"\e[2m{VisibleText.Lines(text).ReplaceLineEndings("\r\n")}\e[0m\r\n");
}
