using System.Buffers.Text;

namespace Sluice.Engine.Spool;

/// <summary>
/// Half of a character, such as <c>\ud800</c> without the other half: JSON allows it, but it is no text, and DuckDB refuses the whole file
/// for it. It becomes U+FFFD, which stands for exactly that and is as long, so that nothing else moves.
/// </summary>
internal static class LoneSurrogates
{
    private const int EscapeLength = 6;

    /// <summary>Replaces them in the JSON text and gives how many there were.</summary>
    public static int Mend(Span<byte> json)
    {
        // Nearly no record has an escape that could be one: that is seen at the speed of memory.
        if (json.IndexOf(@"\ud"u8) < 0 && json.IndexOf(@"\uD"u8) < 0)
        {
            return 0;
        }

        var mended = 0;
        for (var at = json.IndexOf((byte)'\\'); at < json.Length; at = Next(json, at))
        {
            if (!IsEscape(json[at..], out var unit) || !char.IsSurrogate(unit))
            {
                at += json[at..] is [_, (byte)'u', ..] ? EscapeLength : 2;
            }
            else if (char.IsHighSurrogate(unit) && IsEscape(json[(at + EscapeLength)..], out var second) && char.IsLowSurrogate(second))
            {
                at += 2 * EscapeLength;
            }
            else
            {
                @"\ufffd"u8.CopyTo(json[at..]);
                at += EscapeLength;
                mended++;
            }
        }

        return mended;
    }

    private static int Next(Span<byte> json, int from)
    {
        var next = from < json.Length ? json[from..].IndexOf((byte)'\\') : -1;
        return next < 0 ? json.Length : from + next;
    }

    private static bool IsEscape(ReadOnlySpan<byte> text, out char unit)
    {
        unit = default;
        if (text.Length < EscapeLength || text[0] != '\\' || text[1] != 'u'
            || !Utf8Parser.TryParse(text[2..EscapeLength], out ushort value, out var read, 'x') || read != EscapeLength - 2)
        {
            return false;
        }

        unit = (char)value;
        return true;
    }
}
