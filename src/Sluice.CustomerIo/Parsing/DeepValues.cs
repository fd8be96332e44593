using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Sluice.CustomerIo.Parsing;

/// <summary>
/// Takes what is nested too deep out of a page, so that the rest of its records can be read: one person's attribute must not keep a table away.
/// </summary>
internal static class DeepValues
{
    // Below a record's fields, wherever in the answer the records stand: those stay, with the form that they have.
    private const int FirstLevel = 5;

    // Half of a pair of characters is JSON and no text: no column takes it, so that it ends among the rejects with its record's key.
    private static readonly byte[] Mark = Encoding.UTF8.GetBytes(
        FormattableString.Invariant($"\"\\ud800 deeper than {JsonLimits.MaxDepth} levels\""));

    /// <summary>The text with a mark in the place of each value that is nested too deep.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static byte[] Replace(ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = int.MaxValue, AllowMultipleValues = true });
        var copy = new ArrayBufferWriter<byte>(text.Length);
        var (copied, start, isTooDeep) = (0, 0, false);
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                (start, isTooDeep) = reader.CurrentDepth == FirstLevel
                    ? ((int)reader.TokenStartIndex, false)
                    : (start, isTooDeep || reader.CurrentDepth >= JsonLimits.MaxDepth);
            }
            else if (isTooDeep && reader.CurrentDepth == FirstLevel)
            {
                copy.Write(text[copied..start]);
                copy.Write(Mark);
                (copied, isTooDeep) = ((int)reader.BytesConsumed, false);
            }
        }

        copy.Write(text[copied..]);
        return copy.WrittenSpan.ToArray();
    }
}
