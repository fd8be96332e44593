using System.Text.Json;

namespace Sluice.Engine.Catalog;

// A JSON object of a catalog file. It tracks which keys were read, so that a misspelt key is an error instead of a missing rule.
// Plain loops, because JIT compilation of LINQ over the parser's structs costs more at each start than the reading itself.
internal sealed class CatalogEntry(JsonElement element, string where)
{
    private readonly HashSet<string> _asked = [];

    public string? Text(string key) => Find(key, JsonValueKind.String, out var value) ? value.GetString() : null;

    public string Needed(string key) => Text(key) ?? throw Problem($"\"{key}\" is missing");

    public int? Number(string key) => Find(key, JsonValueKind.Number, out var value) ? value.GetInt32() : null;

    public bool Flag(string key) => Find(key, JsonValueKind.True, out _);

    public string? Json(string key) => Find(key, JsonValueKind.Object, out var value) ? value.GetRawText() : null;

    public T Choice<T>(string key)
        where T : struct, Enum =>
        Text(key) is not { } word ? default
        : Enum.TryParse(typeof(T), word, ignoreCase: true, out var choice) ? (T)choice
        : throw Problem($"\"{key}\" is \"{word}\", which is none of {string.Join(", ", Enum.GetNames<T>())}");

    public CatalogEntry? Entry(string key) => Find(key, JsonValueKind.Object, out var value) ? new CatalogEntry(value, $"{where}, {key}") : null;

    public List<string> Texts(string key)
    {
        var texts = new List<string>();
        if (Find(key, JsonValueKind.Array, out var array))
        {
            foreach (var item in array.EnumerateArray())
            {
                texts.Add(item.GetString()!);
            }
        }

        return texts;
    }

    public Dictionary<string, string> Map(string key)
    {
        var map = new Dictionary<string, string>();
        if (Find(key, JsonValueKind.Object, out var pairs))
        {
            foreach (var pair in pairs.EnumerateObject())
            {
                map.Add(pair.Name, pair.Value.GetString()!);
            }
        }

        return map;
    }

    public List<T> List<T>(string key, Func<CatalogEntry, T> read)
        where T : class
    {
        var list = new List<T>();
        if (Find(key, JsonValueKind.Array, out var array))
        {
            foreach (var item in array.EnumerateArray())
            {
                list.Add(read(new CatalogEntry(item, $"{where}, {key} {list.Count + 1}")));
            }
        }

        return list;
    }

    public List<string> Names()
    {
        var names = new List<string>();
        foreach (var property in element.EnumerateObject())
        {
            names.Add(property.Name);
        }

        return names;
    }

    public T End<T>(T made)
        where T : class
    {
        foreach (var name in Names())
        {
            if (!_asked.Contains(name))
            {
                throw Problem($"the word \"{name}\" has no meaning here");
            }
        }

        return made;
    }

    public InvalidDataException Problem(string what) => new($"{where}: {what}.");

    private bool Find(string key, JsonValueKind kind, out JsonElement value)
    {
        _asked.Add(key);
        if (!element.TryGetProperty(key, out value))
        {
            return false;
        }

        return value.ValueKind == kind ? true : throw Problem($"\"{key}\" is {value.ValueKind} instead of {kind}");
    }
}
