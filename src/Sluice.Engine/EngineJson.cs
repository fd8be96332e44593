using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sluice.Engine;

// Compiled serializers for small values, without reflection.
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(Dictionary<string, JsonElement>))]
[JsonSerializable(typeof(SortedDictionary<string, long>))]
internal sealed partial class EngineJson : JsonSerializerContext
{
    public static string Quote(string text) => JsonSerializer.Serialize(text, Default.String);

    public static byte[] QuoteUtf8(string text) => JsonSerializer.SerializeToUtf8Bytes(text, Default.String);

    /// <summary>The text of a JSON string; null when it holds half of a character, which no text can.</summary>
    public static string? UnquoteOrNull(string json)
    {
        try
        {
            return Unquote(json);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    public static string Unquote(string json) => JsonSerializer.Deserialize(json, Default.String)!;
}
