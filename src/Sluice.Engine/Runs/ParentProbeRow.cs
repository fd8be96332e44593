using Sluice.Engine.Catalog;
using Sluice.Engine.Config;
using Sluice.Engine.Extract;

namespace Sluice.Engine.Runs;

/// <summary>What a plan needs to know of a parent: its key, its birth, how many actions it has, and the record itself; nothing of the last when only the number of rows is known.</summary>
internal sealed record ParentProbeRow(string Key, DateTimeOffset? Created, int Actions, ReadOnlyMemory<byte> Record)
{
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
