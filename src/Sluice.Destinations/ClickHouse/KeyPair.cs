namespace Sluice.Destinations.ClickHouse;

/// <summary>The key of an old table and of the one that takes its place; as text where the types differ.</summary>
internal sealed class KeyPair(IReadOnlyList<string> key, ClickHouseTable old, ClickHouseTable made)
{
    private readonly (ClickHouseColumn Old, ClickHouseColumn Made)[] _pairs = [.. key.Select(name => (old.Find(name)!, made.Find(name)!))];

    /// <summary>The key's columns of the old table.</summary>
    public string OldNames => string.Join(", ", _pairs.Select(pair => pair.Old.Quoted));

    /// <summary>Which rows of the old table have a key that is in the new one.</summary>
    public string Came
    {
        get
        {
            var had = string.Join(", ", _pairs.Select(pair => Same(pair.Old, pair.Made)));
            var has = string.Join(", ", _pairs.Select(pair => Same(pair.Made, pair.Old)));
            return $"({had}) IN (SELECT {has} FROM {made.Name})";
        }
    }

    private static string Same(ClickHouseColumn one, ClickHouseColumn other) =>
        ClickHouseType.Bare(one.Type) == ClickHouseType.Bare(other.Type) ? one.Same : $"ifNull(toString({one.Quoted}), ''), isNull({one.Quoted})";
}
