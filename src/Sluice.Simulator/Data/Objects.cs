using System.Text.Json.Nodes;

namespace Sluice.Simulator.Data;

/// <summary>Object types and their objects, in ascending order of index within a type.</summary>
internal sealed class Objects
{
    private readonly Dictionary<int, SortedDictionary<long, CioObject>> _byType = [];

    public Objects(SeededRandom random, int people, long created)
    {
        AddType(1, "Accounts", "Account", "briefcase", enabled: true);
        AddType(2, "Concerts", "Concert", "calendar", enabled: true);
        AddType(3, "Véhicules", "Véhicule", "car", enabled: false);
        Fill(random, 1, Math.Clamp(people / 10, 6, 5000), created);
        Fill(random, 2, 7, created);
        Fill(random, 3, 2, created);
    }

    public RecordTable Types { get; } = new();

    public int Count => _byType.Values.Sum(objects => objects.Count);

    public IEnumerable<CioObject> All => _byType.Values.SelectMany(objects => objects.Values);

    public IEnumerable<CioObject> OfType(int type) => _byType.TryGetValue(type, out var objects) ? objects.Values : [];

    public CioObject? At(int type, long index) => _byType[type].GetValueOrDefault(index);

    public CioObject? Find(int type, string id, bool byCioId)
        => OfType(type).FirstOrDefault(candidate => (byCioId ? candidate.CioObjectId : candidate.ObjectId) == id);

    public CioObject? FindByCioId(string cioObjectId) => All.FirstOrDefault(candidate => candidate.CioObjectId == cioObjectId);

    public CioObject Add(int type, string objectId, long created)
    {
        var objects = _byType[type];
        var index = objects.Count == 0 ? 0 : objects.Keys.Max() + 1;
        return objects[index] = new CioObject(type, index, objectId, created);
    }

    public void Remove(CioObject gone) => _byType[gone.Type].Remove(gone.Index);

    private void AddType(int id, string name, string singular, string icon, bool enabled)
    {
        _byType[id] = [];
        Types.Put(id, new JsonObject
        {
            ["enabled"] = enabled,
            ["icon"] = icon,
            ["id"] = $"{id}",
            ["name"] = name,
            ["singular_name"] = singular,
            ["singular_slug"] = singular.ToLowerInvariant(),
            ["slug"] = name.ToLowerInvariant(),
        });
    }

    private void Fill(SeededRandom random, int type, int count, long created)
    {
        for (var index = 0; index < count; index++)
        {
            var id = index switch { 0 => "acme / + & inc", 1 => "007", _ => $"obj-{type}-{index}" };
            var added = Add(type, id, created + index);
            if (index != 3)
            {
                added.Set("name", index == 2 ? "Ünï Corp, \"Ltd\"" : $"Object {type}.{index}", created + index);
            }

            added.Set("size", random.Below(1000, RandomStream.Object, index), created + index);
            added.Set("code", "007", created + index);
            if (index % 2 == 0)
            {
                added.Set("address", new JsonObject { ["city"] = "Albuquerque", ["lines"] = new JsonArray("1 Main", null) }, created + index + 9);
                added.Set("active", index % 4 == 0, created + index + 9);
            }
        }
    }
}

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
