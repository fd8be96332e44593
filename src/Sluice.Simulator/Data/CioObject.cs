using System.Text.Json.Nodes;

namespace Sluice.Simulator.Data;

/// <summary>A custom object such as an account; attribute values may be of any JSON type, unlike those of people.</summary>
internal sealed class CioObject(int type, long index, string objectId, long created)
{
    public int Type => type;

    public long Index => index;

    public string ObjectId => objectId;

    public string CioObjectId => $"ob{type:x2}{index + 1:x6}";

    public long Created => created;

    public JsonObject Attributes { get; } = [];

    public Dictionary<string, long> Timestamps { get; } = new(StringComparer.Ordinal);

    public void Set(string name, JsonNode? value, long when)
    {
        Attributes[name] = value;
        Timestamps[name] = when;
    }
}
