namespace Sluice.Engine.Runs;

/// <summary>What a plan needs of a parent's row.</summary>
/// <param name="Key">Its id; empty if it is only known that it exists.</param>
/// <param name="Created">When the parent was created, if it says so.</param>
/// <param name="Lengths">How long its arrays are, by key: some of them name its children.</param>
internal sealed record ParentProbeRow(string Key, DateTimeOffset? Created, IReadOnlyDictionary<string, int> Lengths)
{
    private static readonly Dictionary<string, int> None = new(StringComparer.Ordinal);

    public static ParentProbeRow Nameless(DateTimeOffset? created) => new("", created, None);

    public int LengthOf(string list) => Lengths.GetValueOrDefault(list);
}
