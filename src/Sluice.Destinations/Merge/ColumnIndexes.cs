using Sluice.Engine;
using Sluice.Engine.Load;

namespace Sluice.Destinations.Merge;

/// <summary>Indexes by which readers find rows, of one column each, beside that of the key; nothing that Sluice does needs them.</summary>
internal static class ColumnIndexes
{
    /// <summary>What is between the table's name and the column's in the name of such an index.</summary>
    public const string Mark = "_sluice_by_";

    /// <summary>Gives the table those that it lacks, of the columns that it has.</summary>
    public static async Task EnsureAsync(DbSession session, LoadTarget target, CancellationToken cancel)
    {
        var live = target.IndexedColumns.Count == 0
            ? []
            : await session.Dialect.ColumnsAsync(session, target.Schema, target.Table, cancel);
        foreach (var column in target.IndexedColumns.Where(live.ContainsKey))
        {
            var name = session.Dialect.Names.Limit.Short("", target.Table, Mark + column);
            var index = new KeyIndex(target.Schema, target.Table, name, [SchemaEvolution.NameIn(live, column)], IsUnique: false);
            if ((await session.Dialect.IndexColumnsAsync(session, index, cancel)).Count == 0)
            {
                await session.Dialect.CreateIndexAsync(session, index, cancel);
            }
        }
    }

    /// <summary>Fails where a destination has no such indexes, and the user asks for them.</summary>
    public static void RequireNone(LoadTarget target)
    {
        if (target.IndexedColumns.Count > 0)
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                $"{target.Schema}.{target.Table} can't be given indexes: Sluice makes those for readers in PostgreSQL alone.",
                "Take --indexes (indexes: true) away.");
        }
    }
}
