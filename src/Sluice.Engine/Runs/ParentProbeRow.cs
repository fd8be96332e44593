using Sluice.Engine.Catalog;
using Sluice.Engine.Config;
using Sluice.Engine.Extract;

namespace Sluice.Engine.Runs;

/// <summary>What a plan needs of a parent's row.</summary>
/// <param name="Key">Its id; empty if it is only known that it exists.</param>
/// <param name="Created">When the parent was created, if it says so.</param>
/// <param name="Lengths">How long its arrays are, by key: some of them name its children.</param>
internal sealed record ParentProbeRow(string Key, DateTimeOffset? Created, IReadOnlyDictionary<string, int> Lengths)
{
    private static readonly Dictionary<string, int> None = new(StringComparer.Ordinal);

    /// <summary>The record itself; empty if it is only known that it exists.</summary>
    public ReadOnlyMemory<byte> Record { get; init; }

    public static ParentProbeRow Nameless(DateTimeOffset? created) => new("", created, None);

    public int LengthOf(string list) => Lengths.GetValueOrDefault(list);

    /// <summary>Whether the row meets conditions; one of which nothing is known may meet them.</summary>
    public bool Holds(Resource resource, IReadOnlyList<WhereCondition> conditions)
    {
        if (Record.IsEmpty)
        {
            return true;
        }

        var row = ParentRow.Parse(Record, resource, [.. conditions.Select(condition => condition.Column)]);
        return conditions.All(condition => condition.Holds(row.Text(condition.Column)));
    }
}
