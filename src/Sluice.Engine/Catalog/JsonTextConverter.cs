using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sluice.Engine.Catalog;

// Bodies stand in the catalog files as JSON, not as escaped text, so that they can be read and checked.
internal sealed class JsonTextConverter : JsonConverter<string>
{
    public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        return document.RootElement.GetRawText();
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteRawValue(value);
}
