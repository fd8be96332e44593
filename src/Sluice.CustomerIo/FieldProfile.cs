using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Sluice.CustomerIo.Parsing;

namespace Sluice.CustomerIo;

/// <summary>
/// The names (case-sensitive) of records' top-level fields and the kinds of JSON value they had; profiles of several pages can be added up.
/// Not safe for use by several threads at once.
/// </summary>
[SuppressMessage("Naming", "CA1710", Justification = "A profile that can also be read as a dictionary")]
public sealed class FieldProfile : IReadOnlyDictionary<string, JsonKinds>
{
    private readonly FieldTable _table = new();
    private long _records;

    /// <summary>Whether some record had the same key twice, of which most readers keep only one.</summary>
    public bool HasRepeatedNames { get; set; }

    /// <summary>The number of different field names.</summary>
    public int Count => _table.Count;

    /// <summary>The field names, in the order they were first seen.</summary>
    public IEnumerable<string> Keys => _table.Fields.Select(known => known.Name);

    /// <summary>The kinds, in the order of <see cref="Keys"/>.</summary>
    public IEnumerable<JsonKinds> Values => _table.Fields.Select(known => known.Kinds);

    /// <summary>The kinds seen for a field.</summary>
    /// <exception cref="KeyNotFoundException">No record has the field.</exception>
    public JsonKinds this[string key] =>
        TryGetValue(key, out JsonKinds kinds) ? kinds : throw new KeyNotFoundException($"No record has the field \"{key}\".");

    /// <summary>Adds kinds that were seen for a field.</summary>
    public void Add(string field, JsonKinds kinds) => _table.Get(Encoding.UTF8.GetBytes(field)).Kinds |= kinds;

    /// <summary>Adds what another profile saw.</summary>
    public void Add(FieldProfile other)
    {
        ArgumentNullException.ThrowIfNull(other);
        foreach (Field field in other._table.Fields)
        {
            _table.Get(field.Utf8).Kinds |= field.Kinds;
        }

        HasRepeatedNames |= other.HasRepeatedNames;
    }

    /// <summary>Whether some record has the field.</summary>
    public bool ContainsKey(string key) => Find(key) is not null;

    /// <summary>Gives the kinds seen for a field, if some record has it.</summary>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out JsonKinds value)
    {
        Field? field = Find(key);
        value = field?.Kinds ?? JsonKinds.None;
        return field is not null;
    }

    /// <summary>Goes through the fields in the order they were first seen.</summary>
    public IEnumerator<KeyValuePair<string, JsonKinds>> GetEnumerator() =>
        _table.Fields.Select(known => KeyValuePair.Create(known.Name, known.Kinds)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal void BeginRecord()
    {
        _records++;
        _table.Rewind();
    }

    internal void Note(ReadOnlySpan<byte> utf8Name, JsonKinds kind)
    {
        Field field = _table.Get(utf8Name);
        field.Kinds |= kind;
        HasRepeatedNames |= field.LastRecord == _records;
        field.LastRecord = _records;
    }

    private Field? Find(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return _table.Find(Encoding.UTF8.GetBytes(key));
    }
}
