using System.Text.Json;

namespace Sluice.Simulator.Data;

/// <summary>The text in which the API keeps an attribute value of any type; null takes the attribute away.</summary>
internal static class AttributeText
{
    public static string? Of(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        JsonValueKind.String => value.GetString(),
        _ => value.GetRawText(),
    };
}
