using System.Text.Json;
using Sluice.CustomerIo.Cutting;

namespace Sluice.CustomerIo;

/// <summary>Tells the kind of a single JSON value.</summary>
public static class JsonKind
{
    /// <summary>The kind of a whole, valid value.</summary>
    /// <exception cref="JsonException">The text is not valid JSON.</exception>
    public static JsonKinds Of(ReadOnlySpan<byte> utf8Value)
    {
        var reader = new Utf8JsonReader(utf8Value, JsonCheck.Options);
        reader.Read();
        return JsonValues.KindOf(ref reader) | JsonValues.Skip(ref reader);
    }
}
