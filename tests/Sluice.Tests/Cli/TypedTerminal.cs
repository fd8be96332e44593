using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Sluice.Cli.Terminals;
using Spectre.Console;

namespace Sluice.Tests.Cli;

/// <summary>A terminal at which keys are typed one after another, and whose screen can be read; behind the last key it is closed.</summary>
internal sealed partial class TypedTerminal : TextWriter
{
    private readonly Queue<ConsoleKeyInfo> _keys = [];
    private readonly List<StringBuilder> _rows = [new()];
    private readonly int _width;
    private int _row;
    private int _column;

    /// <param name="keys">Letters; ⏎ ⇥ ← → ↑ ↓ ⌫ and ^A for keys that are none.</param>
    /// <param name="width">Columns.</param>
    /// <param name="isPasted">Whether all of it comes at once.</param>
    public TypedTerminal(string keys, int width = 80, bool isPasted = false)
    {
        _width = width;
        foreach (Match key in Key().Matches(keys))
        {
            _keys.Enqueue(KeyOf(key.Value));
        }

        Terminal = new Terminal(Next, () => isPasted && _keys.Count > 0, this, () => (width, 12));
    }

    public Terminal Terminal { get; }

    /// <summary>Called when all keys are taken.</summary>
    public Action? AtEnd { get; set; }

    public override Encoding Encoding => Encoding.UTF8;

    /// <summary>What stands on the screen, as somebody sees it.</summary>
    public string Seen => string.Join('\n', _rows.Select(row => row.ToString().TrimEnd())).TrimEnd();

    /// <summary>The place of the cursor.</summary>
    public (int Row, int Column) Place => (_row, _column);

    public override void Write(char value) => Write(value.ToString());

    public override void Write(string? value)
    {
        foreach (Match part in Part().Matches(value ?? ""))
        {
            if (part.Value[0] == '\e')
            {
                Obey(part.Value[^1], int.TryParse(part.Value[2..^1], CultureInfo.InvariantCulture, out var number) ? number : 1);
            }
            else if (part.Value is "\r" or "\n")
            {
                (_row, _column) = part.Value == "\r" ? (_row, 0) : (_row + 1, _column);
                MakeRow();
            }
            else
            {
                Put(part.Value);
            }
        }
    }

    private void Obey(char what, int number)
    {
        switch (what)
        {
            case 'A':
                _row = Math.Max(0, _row - number);
                break;
            case 'C':
                _column += number;
                break;
            case 'J':
                _rows.RemoveRange(_row + 1, _rows.Count - _row - 1);
                _rows[_row].Length = Math.Min(_rows[_row].Length, _column);
                break;
        }
    }

    private void Put(string text)
    {
        var row = _rows[_row];
        row.Length = Math.Min(row.Length, _column);
        row.Append(text.PadLeft(text.Length + _column - row.Length));
        _column += text.GetCellWidth();
        if (_column > _width)
        {
            throw new InvalidOperationException($"The terminal would break this row by itself: {row}");
        }
    }

    private void MakeRow()
    {
        while (_rows.Count <= _row)
        {
            _rows.Add(new StringBuilder());
        }
    }

    private ConsoleKeyInfo Next()
    {
        if (_keys.TryDequeue(out var key))
        {
            return key;
        }

        AtEnd?.Invoke();
        throw new InvalidOperationException("The terminal is closed.");
    }

    private static ConsoleKeyInfo KeyOf(string key) => key switch
    {
        "⏎" => new('\r', ConsoleKey.Enter, false, false, false),
        "⇥" => new('\t', ConsoleKey.Tab, false, false, false),
        "←" => new('\0', ConsoleKey.LeftArrow, false, false, false),
        "→" => new('\0', ConsoleKey.RightArrow, false, false, false),
        "↑" => new('\0', ConsoleKey.UpArrow, false, false, false),
        "↓" => new('\0', ConsoleKey.DownArrow, false, false, false),
        "⌫" => new('\x7f', ConsoleKey.Backspace, false, false, false),
        ['^', >= 'A' and <= 'Z' and var letter] => new((char)(letter - '@'), Enum.Parse<ConsoleKey>($"{letter}"), false, false, control: true),
        _ => new(key[0], ConsoleKey.None, false, false, false),
    };

    [GeneratedRegex(@"\^[A-Z]|[^\n]", RegexOptions.NonBacktracking)]
    private static partial Regex Key();

    [GeneratedRegex("\e\\[[0-9]*[A-Za-z]|\r|\n|[^\e\r\n]+", RegexOptions.NonBacktracking)]
    private static partial Regex Part();
}
