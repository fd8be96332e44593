using Sluice.CustomerIo;

namespace Sluice.Engine.Spool;

/// <summary>Top-level fields of records and the JSON kinds of their values, as far as they were seen.</summary>
internal sealed class FieldKinds
{
    private readonly Dictionary<string, JsonKinds> _kinds = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, JsonKinds> Kinds => _kinds;

    /// <summary>Whether some record had the same key twice.</summary>
    public bool HasRepeatedNames { get; set; }

    public void Add(string field, JsonKinds kinds) => _kinds[field] = _kinds.GetValueOrDefault(field) | kinds;

    public void Add(FieldProfile profile)
    {
        foreach (var (field, kinds) in profile)
        {
            Add(field, kinds);
        }

        HasRepeatedNames |= profile.HasRepeatedNames;
    }

    public void Add(FieldKinds other)
    {
        foreach (var (field, kinds) in other.Kinds)
        {
            Add(field, kinds);
        }

        HasRepeatedNames |= other.HasRepeatedNames;
    }
}
