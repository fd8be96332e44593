using System.Globalization;

namespace Sluice.Cli.Terminals;

/// <summary>A text that is being typed, of one or more lines, and where the cursor is; letters that are seen as one are gone over as one.</summary>
internal sealed class EditedText
{
    public string Text { get; private set; } = "";

    /// <summary>The place in the text before which the cursor stands.</summary>
    public int Cursor { get; private set; }

    public void Set(string text) => (Text, Cursor) = (text, text.Length);

    public void Insert(string more) => Replace(Cursor, more);

    /// <summary>Puts something in the place of what stands between a place and the cursor.</summary>
    public void Replace(int start, string with)
    {
        Text = string.Concat(Text.AsSpan(0, start), with, Text.AsSpan(Cursor));
        Cursor = start + with.Length;
    }

    public void Left() => Cursor = BeforeCursor;

    public void Right() => Cursor = BehindCursor;

    public void LineStart() => Cursor = StartOfLine;

    public void LineEnd() => Cursor = EndOfLine;

    public void End() => Cursor = Text.Length;

    public void WordLeft() => Cursor = StartOfWord;

    public void WordRight()
    {
        var at = Cursor;
        at += Text[at..].TakeWhile(letter => !IsOfWord(letter)).Count();
        Cursor = at + Text[at..].TakeWhile(IsOfWord).Count();
    }

    /// <summary>Goes to the line above; false in the first one.</summary>
    public bool Up()
    {
        var start = StartOfLine;
        if (start == 0)
        {
            return false;
        }

        var above = Text.LastIndexOf('\n', Math.Max(0, start - 2)) + 1;
        Cursor = start == 1 ? 0 : Math.Min(above + Cursor - start, start - 1);
        return true;
    }

    /// <summary>Goes to the line below; false in the last one.</summary>
    public bool Down()
    {
        var end = EndOfLine;
        if (end == Text.Length)
        {
            return false;
        }

        var column = Cursor - StartOfLine;
        Cursor = end + 1;
        Cursor = Math.Min(Cursor + column, EndOfLine);
        return true;
    }

    public void Backspace() => Replace(BeforeCursor, "");

    public void Delete() => Text = Text.Remove(Cursor, BehindCursor - Cursor);

    public void DeleteWord() => Replace(StartOfWord, "");

    public void DeleteToLineStart() => Replace(StartOfLine, "");

    public void DeleteToLineEnd() => Text = Text.Remove(Cursor, EndOfLine - Cursor);

    private int StartOfLine => Cursor == 0 ? 0 : Text.LastIndexOf('\n', Cursor - 1) + 1;

    private int EndOfLine => Text.IndexOf('\n', Cursor) is var end and >= 0 ? end : Text.Length;

    private int BeforeCursor => Cursor == 0 ? 0 : StringInfo.ParseCombiningCharacters(Text[..Cursor])[^1];

    private int BehindCursor => Cursor + StringInfo.GetNextTextElementLength(Text.AsSpan(Cursor));

    private int StartOfWord
    {
        get
        {
            var at = Cursor - Text[..Cursor].Reverse().TakeWhile(letter => !IsOfWord(letter)).Count();
            return at - Text[..at].Reverse().TakeWhile(IsOfWord).Count();
        }
    }

    private static bool IsOfWord(char letter) => char.IsLetterOrDigit(letter) || letter == '_';
}
