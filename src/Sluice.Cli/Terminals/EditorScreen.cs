using System.Globalization;
using System.Text;
using Spectre.Console;

namespace Sluice.Cli.Terminals;

/// <summary>Shows a text that is being typed, anew after each key, in the rows from the one on where it began.</summary>
internal sealed class EditorScreen(Terminal terminal, string prompt)
{
    private const int LeastColumns = 10;

    private int _cursorRow;

    /// <summary>Shows the text, and something below it.</summary>
    public void Show(EditedText text, IReadOnlyList<string> below)
    {
        var (width, height) = terminal.Size;
        var (rows, cursor) = Rows(text, width - 1);
        below = [.. below.Take(Math.Max(0, height - 2))];
        var (first, shown) = Part(rows.Count, cursor.Row, Math.Max(1, height - 1 - below.Count));
        var screen = new StringBuilder();
        Up(screen, _cursorRow);
        screen.Append("\r\e[J").AppendJoin("\r\n", rows.Skip(first).Take(shown).Concat(below)).Append('\r');
        _cursorRow = cursor.Row - first;
        Up(screen, shown + below.Count - 1 - _cursorRow);
        if (cursor.Column > 0)
        {
            screen.Append(CultureInfo.InvariantCulture, $"\e[{cursor.Column}C");
        }

        terminal.Write(screen.ToString());
    }

    /// <summary>Goes to the row below the text, and leaves the text as it is.</summary>
    public void Leave(EditedText text, string end = "")
    {
        text.End();
        Show(text, []);
        terminal.Write($"{end}\r\n");
        _cursorRow = 0;
    }

    public void Clear()
    {
        terminal.Write("\e[H\e[2J");
        _cursorRow = 0;
    }

    // Of a text that is higher than the screen, the rows around the cursor.
    private static (int First, int Count) Part(int rows, int cursor, int height) =>
        (Math.Max(0, Math.Min(rows - height, cursor - (height / 2))), Math.Min(rows, height));

    private static void Up(StringBuilder screen, int rows)
    {
        if (rows > 0)
        {
            screen.Append(CultureInfo.InvariantCulture, $"\e[{rows}A");
        }
    }

    private (IReadOnlyList<string> Rows, (int Row, int Column) Cursor) Rows(EditedText text, int width)
    {
        var indent = prompt.GetCellWidth();
        var rows = new List<StringBuilder> { new(prompt) };
        var column = indent;
        (int Row, int Column)? cursor = null;
        foreach (var (place, letter) in Letters(text.Text))
        {
            var shown = letter == "\n" ? "" : VisibleText.Line(letter);
            if (letter != "\n" && column + shown.GetCellWidth() > Math.Max(width, indent + LeastColumns))
            {
                rows.Add(new StringBuilder().Append(' ', indent));
                column = indent;
            }

            cursor ??= place >= text.Cursor ? (rows.Count - 1, column) : null;
            if (letter == "\n")
            {
                rows.Add(new StringBuilder("-> ".PadLeft(indent)));
                column = indent;
            }
            else
            {
                rows[^1].Append(shown);
                column += shown.GetCellWidth();
            }
        }

        return ([.. rows.Select(row => row.ToString())], cursor ?? (rows.Count - 1, column));
    }

    private static IEnumerable<(int Place, string Letter)> Letters(string text)
    {
        var letters = StringInfo.GetTextElementEnumerator(text);
        while (letters.MoveNext())
        {
            yield return (letters.ElementIndex, letters.GetTextElement());
        }
    }
}
