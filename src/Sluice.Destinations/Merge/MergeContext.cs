using Sluice.Engine.Catalog;
using Sluice.Engine.Load;
using Sluice.Engine.Load.Staging;

namespace Sluice.Destinations.Merge;

/// <summary>One merge: the rows, the table they go to, and the transaction in which that is done.</summary>
/// <param name="Dialect">The database's words.</param>
/// <param name="Session">The transaction.</param>
/// <param name="Staged">The rows.</param>
/// <param name="Checkpoint">What becomes true together with them.</param>
/// <param name="Writer">Brings rows to the database; null when they are staged in it, so that the staging table itself is merged, or becomes the
/// table.</param>
internal sealed record MergeContext(SqlDialect Dialect, DbSession Session, StagedTable Staged, Checkpoint Checkpoint, IRowWriter? Writer)
{
    public LoadTarget Target => Staged.Target;

    /// <summary>The table that is changed.</summary>
    public string Live => Dialect.Table(Target.Schema, Target.Table);

    /// <summary>All rows that there are, when <see cref="Live"/> is only the part of them that may change.</summary>
    public string Whole { get => field ?? Live; init; }

    /// <summary>
    /// How many staged rows were taken away because the table does not have them, when the others have taken over already what stays of it; null when
    /// that is still to be done.
    /// </summary>
    public long? Unknown { get; init; }

    public MergePlan Plan(OrderedDictionary<string, ColumnType> live) => new(Target, Checkpoint, live.Keys);

    /// <summary>Counts the table's rows, those marked as deleted left out.</summary>
    public static Task<long> CountAsync(DbSession session, LoadTarget target, bool marked, CancellationToken cancel) =>
        session.ScalarAsync(
            $"SELECT count(*) FROM {session.Dialect.Table(target.Schema, target.Table)}{(marked ? $" WHERE {SystemColumns.DeletedAt} IS NULL" : "")}",
            cancel);

    /// <summary>Runs a statement for each sort of rows, and gives how many it changed.</summary>
    public async Task<long> RunAsync(
        IEnumerable<SameRow> sorts, Func<SameRow, string> sql, CancellationToken cancel, params (string Name, object? Value)[] values)
    {
        var sum = 0L;
        foreach (var sort in sorts)
        {
            sum += await Session.RunAsync(sql(sort), cancel, values);
        }

        return sum;
    }

    /// <summary>Counts the rows of each sort.</summary>
    public async Task<long> CountAsync(IEnumerable<SameRow> sorts, Func<SameRow, string> sql, CancellationToken cancel)
    {
        var sum = 0L;
        foreach (var sort in sorts)
        {
            sum += await Session.ScalarAsync(sql(sort), cancel);
        }

        return sum;
    }
}
