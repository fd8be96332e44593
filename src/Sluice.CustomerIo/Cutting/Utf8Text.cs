using System.Text.Json;
using System.Text.Unicode;

namespace Sluice.CustomerIo.Cutting;

internal static class Utf8Text
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>The text without a byte order mark. The JSON reader takes any bytes inside strings, so the encoding is checked here.</summary>
    public static ReadOnlyMemory<byte> Checked(ReadOnlyMemory<byte> body)
    {
        ReadOnlyMemory<byte> text = body.Span.StartsWith(ByteOrderMark) ? body[3..] : body;
        return Utf8.IsValid(text.Span) ? text : throw new JsonException("The body is not valid UTF-8.");
    }
}
