using System.Text;
using Sluice.Cli.Terminals;
using Sluice.Engine;

namespace Sluice.Cli.Commands;

/// <summary>Takes a secret: typed twice at a terminal without being shown, or the first line of stdin; never as an argument.</summary>
internal static class HiddenInput
{
    private const int MostBytes = 65_536;

    /// <param name="run">The command.</param>
    /// <param name="what">What is asked for, as in <c>Password</c>.</param>
    public static async Task<string> ReadAsync(CommandRun run, string what)
    {
        if (!run.Host.IsInputTerminal)
        {
            return await FirstLineAsync(run) is { Length: > 0 } line ? line : throw Nothing(what, "It is the first line of stdin, which is empty.");
        }

        if (run.Host.OpenTerminal() is not { } terminal)
        {
            throw Nothing(what, "This terminal would show it: give it as the first line of stdin, as in < FILE.");
        }

        var first = await AskAsync(terminal, $"{what}: ", run.Cancel);
        if (first.Length == 0)
        {
            throw Nothing(what, "Run the command again and type it.");
        }

        return await AskAsync(terminal, $"{what} again: ", run.Cancel) == first
            ? first
            : throw new SluiceException(SluiceErrorKind.Config, "The two are not the same. Nothing was changed.", "Run the command again.");
    }

    private static SluiceException Nothing(string what, string hint) =>
        new(SluiceErrorKind.Config, $"{what}: none was given. Nothing was changed.", hint);

    private static async Task<string?> FirstLineAsync(CommandRun run)
    {
        await using var input = run.Host.OpenInput();
        using var reader = new StreamReader(input, Encoding.UTF8);
        var buffer = new char[MostBytes];
        var length = await reader.ReadBlockAsync(buffer, run.Cancel);
        return new string(buffer, 0, length).Split('\n')[0].TrimEnd('\r');
    }

    private static async Task<string> AskAsync(Terminal terminal, string question, CancellationToken cancel)
    {
        terminal.Write(question);
        var typed = new StringBuilder();
        while (await terminal.KeyAsync(cancel) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                typed.Length = Math.Max(0, typed.Length - 1);
            }
            else if (!char.IsControl(key.KeyChar))
            {
                typed.Append(key.KeyChar);
            }
        }

        terminal.Write("\r\n");
        return typed.ToString();
    }
}
