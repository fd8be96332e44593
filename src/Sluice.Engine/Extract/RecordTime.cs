using System.Text.Json;

namespace Sluice.Engine.Extract;

/// <summary>Reads one time out of a record without reading the rest of it.</summary>
internal static class RecordTime
{
    /// <summary>Gives a top-level field in unix seconds; null when it is absent or no integer.</summary>
    public static long? Of(ReadOnlyMemory<byte> record, string field)
    {
        var reader = new Utf8JsonReader(record.Span, RecordDepth.OfReader);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals(field);
            reader.Read();
            if (found)
            {
                return reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var value) ? value : null;
            }

            reader.Skip();
        }

        return null;
    }
}
