using System.Buffers;
using System.Globalization;
using System.Text;

namespace Sluice.Cli;

/// <summary>
/// Text of Customer.io, of files and of arguments as a terminal may get it: what would move the cursor, change colours or turn the direction of the
/// letters is shown as <c>\x1b</c> or <c>\u202e</c>, which within JSON is the same character.
/// </summary>
internal static class VisibleText
{
    // Control characters but the line end, line separators, and what turns the direction of letters.
    private static readonly SearchValues<char> Hidden = SearchValues.Create(
    [
        .. Enumerable.Range(0, 0xa0).Select(code => (char)code).Where(letter => char.IsControl(letter) && letter != '\n'),
        '\u061c', '\u200e', '\u200f', '\u2028', '\u2029',
        '\u202a', '\u202b', '\u202c', '\u202d', '\u202e', '\u2066', '\u2067', '\u2068', '\u2069',
    ]);

    /// <summary>For a text of one or more lines.</summary>
    public static string Lines(string text) => text.AsSpan().IndexOfAny(Hidden) < 0 ? text : Write(text, keepsLines: true);

    /// <summary>For a part of a line: a line end in it would begin a line that looks like ours.</summary>
    public static string Line(string text) =>
        text.AsSpan().IndexOfAny(Hidden) < 0 && !text.Contains('\n', StringComparison.Ordinal) ? text : Write(text, keepsLines: false);

    private static string Write(string text, bool keepsLines)
    {
        var shown = new StringBuilder(text.Length + 16);
        foreach (var letter in text)
        {
            if ((letter == '\n' && keepsLines) || (letter != '\n' && !Hidden.Contains(letter)))
            {
                shown.Append(letter);
            }
            else
            {
                var (sign, format) = letter <= '\xff' ? ("\\x", "x2") : ("\\u", "x4");
                shown.Append(sign).Append(((int)letter).ToString(format, CultureInfo.InvariantCulture));
            }
        }

        return shown.ToString();
    }
}

/// <summary>
/// A stream for people, on which nothing goes out that a terminal would obey. One that takes no more (a full disk) fails nobody: what was done stays
/// done, and whoever ends the command looks at <see cref="Failure"/>.
/// </summary>
internal sealed class VisibleWriter : TextWriter
{
    private readonly TextWriter _inner;

    public VisibleWriter(TextWriter inner)
        : base(CultureInfo.InvariantCulture) => (_inner, CoreNewLine) = (inner, ['\n']);

    /// <summary>Why nothing more can be written, or null.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Whether anything stands on it.</summary>
    public bool HasWritten { get; private set; }

    public override Encoding Encoding => _inner.Encoding;

    public override void Write(char value) => Write([value]);

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

    public override void Write(string? value)
    {
        HasWritten |= value is { Length: > 0 };
        Try(() => _inner.Write(VisibleText.Lines(value ?? "")));
    }

    public override void WriteLine()
    {
        HasWritten = true;
        Try(_inner.WriteLine);
    }

    public override void WriteLine(string? value)
    {
        Write(value);
        WriteLine();
    }

    public override void Flush() => Try(_inner.Flush);

    private void Try(Action write)
    {
        try
        {
            if (Failure is null)
            {
                write();
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Failure = error;
        }
    }
}
