using Sluice.Sql;
using static System.ConsoleModifiers;

namespace Sluice.Cli.Terminals;

/// <summary>Lets somebody type a text of one or more lines, with history and completion.</summary>
/// <param name="terminal">Where it is typed.</param>
/// <param name="history">What was typed before.</param>
/// <param name="complete">What may stand at a place of a text.</param>
internal sealed class LineEditor(Terminal terminal, History history, Func<string, int, Completions> complete)
{
    private static readonly Dictionary<(ConsoleModifiers, ConsoleKey), Action<EditedText>> Keys = new()
    {
        [(None, ConsoleKey.LeftArrow)] = text => text.Left(),
        [(Control, ConsoleKey.B)] = text => text.Left(),
        [(None, ConsoleKey.RightArrow)] = text => text.Right(),
        [(Control, ConsoleKey.F)] = text => text.Right(),
        [(Control, ConsoleKey.LeftArrow)] = text => text.WordLeft(),
        [(Alt, ConsoleKey.LeftArrow)] = text => text.WordLeft(),
        [(Alt, ConsoleKey.B)] = text => text.WordLeft(),
        [(Control, ConsoleKey.RightArrow)] = text => text.WordRight(),
        [(Alt, ConsoleKey.RightArrow)] = text => text.WordRight(),
        [(Alt, ConsoleKey.F)] = text => text.WordRight(),
        [(None, ConsoleKey.Home)] = text => text.LineStart(),
        [(Control, ConsoleKey.A)] = text => text.LineStart(),
        [(None, ConsoleKey.End)] = text => text.LineEnd(),
        [(Control, ConsoleKey.E)] = text => text.LineEnd(),
        [(None, ConsoleKey.Backspace)] = text => text.Backspace(),
        [(Control, ConsoleKey.H)] = text => text.Backspace(),
        [(None, ConsoleKey.Delete)] = text => text.Delete(),
        [(Control, ConsoleKey.D)] = text => text.Delete(),
        [(Control, ConsoleKey.W)] = text => text.DeleteWord(),
        [(Alt, ConsoleKey.Backspace)] = text => text.DeleteWord(),
        [(Control, ConsoleKey.U)] = text => text.DeleteToLineStart(),
        [(Control, ConsoleKey.K)] = text => text.DeleteToLineEnd(),
    };

    /// <summary>Waits until a text is typed; null when there will be none, because the terminal is closed or Ctrl-D was typed.</summary>
    /// <param name="prompt">What stands before the text.</param>
    /// <param name="isWhole">Whether Enter ends a text, instead of beginning the next line.</param>
    /// <param name="cancel">Drops the text.</param>
    /// <exception cref="OperationCanceledException">The text was dropped.</exception>
    public async Task<string?> ReadAsync(string prompt, Func<string, bool> isWhole, CancellationToken cancel)
    {
        var (text, screen) = (new EditedText(), new EditorScreen(terminal, prompt));
        history.Begin();
        try
        {
            for (IReadOnlyList<string> below = []; ;)
            {
                // What is pasted is shown once, and not letter by letter.
                if (!terminal.HasKey)
                {
                    screen.Show(text, below);
                }

                if (await terminal.KeyAsync(cancel) is not { } key || IsEnd(key, text))
                {
                    screen.Leave(text);
                    return null;
                }

                if (IsEnter(key) && isWhole(text.Text))
                {
                    screen.Leave(text);
                    return text.Text;
                }

                below = key.Key == ConsoleKey.Tab ? await CompleteAsync(text, cancel) : [];
                Take(key, text, screen);
            }
        }
        catch (OperationCanceledException)
        {
            screen.Leave(text, "^C");
            throw;
        }
    }

    private static bool IsEnter(ConsoleKeyInfo key) => key.Key == ConsoleKey.Enter || key.KeyChar is '\r' or '\n';

    private static bool IsEnd(ConsoleKeyInfo key, EditedText text) => text.Text.Length == 0 && (key.Modifiers, key.Key) == (Control, ConsoleKey.D);

    private void Take(ConsoleKeyInfo key, EditedText text, EditorScreen screen)
    {
        switch ((key.Modifiers, key.Key))
        {
            case var _ when IsEnter(key):
                text.Insert("\n");
                break;
            case (None, ConsoleKey.UpArrow) or (Control, ConsoleKey.P):
                Recall(text, text.Up() ? null : history.Previous(text.Text));
                break;
            case (None, ConsoleKey.DownArrow) or (Control, ConsoleKey.N):
                Recall(text, text.Down() ? null : history.Next());
                break;
            case (Control, ConsoleKey.L):
                screen.Clear();
                break;
            case var known when Keys.TryGetValue(known, out var edit):
                edit(text);
                break;
            case var _ when !char.IsControl(key.KeyChar) && !key.Modifiers.HasFlag(Alt):
                text.Insert(key.KeyChar.ToString());
                break;
        }
    }

    private static void Recall(EditedText text, string? former)
    {
        if (former is not null)
        {
            text.Set(former);
        }
    }

    // Gives what is to be shown below the text.
    private async Task<IReadOnlyList<string>> CompleteAsync(EditedText text, CancellationToken cancel)
    {
        // Nobody types that fast, unless it is the same key again: it is a tab of a text that is pasted.
        if (terminal.HasKey && (await terminal.NextKeyAsync(cancel)).Key != ConsoleKey.Tab)
        {
            text.Insert(" ");
            return [];
        }

        var (start, words) = complete(text.Text, text.Cursor);
        if (words.Count == 0)
        {
            return [];
        }

        var shared = Shared(words);
        if (words.Count == 1 || shared.Length > text.Cursor - start)
        {
            text.Replace(start, shared);
            return [];
        }

        return WordColumns.Rows(words, terminal.Size.Width - 1, terminal.Size.Height / 2);
    }

    private static string Shared(IReadOnlyList<string> words) => words.Aggregate((shared, word) =>
        shared[..shared.Zip(word).TakeWhile(pair => char.ToUpperInvariant(pair.First) == char.ToUpperInvariant(pair.Second)).Count()]);
}

/// <summary>Words in columns, as many as a row takes.</summary>
internal static class WordColumns
{
    private const int Gap = 2;

    /// <summary>The rows; of too many words the first, and how many more there are.</summary>
    public static IReadOnlyList<string> Rows(IReadOnlyList<string> words, int width, int height)
    {
        var column = words.Max(word => word.Length) + Gap;
        var inRow = Math.Max(1, width / column);
        var rows = words.Chunk(inRow).Select(row => VisibleText.Line(string.Concat(row.Select(word => word.PadRight(column))).TrimEnd())).ToList();
        var most = Math.Max(2, height);
        return rows.Count <= most ? rows : [.. rows.Take(most - 1), $"and {words.Count - (inRow * (most - 1))} more"];
    }
}
