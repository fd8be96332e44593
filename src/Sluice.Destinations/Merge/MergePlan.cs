using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Load;

namespace Sluice.Destinations.Merge;

/// <summary>How the staged rows get into a table that has rows.</summary>
internal enum MergeAction
{
    /// <summary>
    /// Rows with a known key are brought up to date, columns that the load does not have stay as they are; the others are inserted.
    /// </summary>
    Upsert,

    /// <summary>
    /// The rows of the range that was asked for, or else of the one that came, are deleted, as are those whose key came; then all are inserted.
    /// </summary>
    ReplaceRange,

    /// <summary>Rows that the table does not have word for word are inserted.</summary>
    AppendNew,

    /// <summary>All are inserted.</summary>
    AppendAll,
}

/// <summary>
/// What a load does to a table, whatever the destination is, and what is counted. A destination does in this order what the plan says: rows that came
/// again lose the mark of deleted ones (<see cref="Restores"/>), rows that did not come are marked or deleted (<see cref="Vanished"/>), then the
/// staged rows are brought in (<see cref="Action"/>), but none that the table has word for word (<see cref="DropsUnchanged"/>). A replaced table
/// (<see cref="Replaces"/>) is made anew of the staged rows, and of old ones that did not come if it <see cref="CarriesOver"/>.
/// </summary>
/// <param name="target">Which table, and how it is loaded.</param>
/// <param name="checkpoint">What is known of the rows that did not come.</param>
/// <param name="live">The columns of the table as it is, wide enough for the staged rows; none when there is no table.</param>
internal sealed class MergePlan(LoadTarget target, Checkpoint checkpoint, IEnumerable<string> live)
{
    private readonly HashSet<string> _live = live.ToHashSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether rows are known by a key. Rows whose key has a NULL in it are the same when the whole keys are.</summary>
    public bool HasKey => target.PrimaryKey.Count > 0;

    /// <summary>Whether the table has the column with the mark of deleted rows.</summary>
    public bool IsMarked => _live.Contains(SystemColumns.DeletedAt);

    /// <summary>Whether the staged rows take the place of the table.</summary>
    public bool Replaces => target.Strategy == Strategy.Replace || _live.Count == 0;

    /// <summary>Whether rows of the table are compared by key with those that came.</summary>
    public bool Compares => HasKey && (!Replaces || (_live.Count > 0 && !target.StartsOver && target.PrimaryKey.All(_live.Contains)));

    /// <summary>Whether rows can be among the staged ones that are marked as deleted; how many is counted as restored.</summary>
    public bool Restores => Compares && IsMarked;

    /// <summary>
    /// What becomes of rows that did not come, and is counted as deleted; those that are marked already don't count again when others are marked.
    /// </summary>
    public DeletePolicy Vanished =>
        !Compares || !checkpoint.IsComplete ? DeletePolicy.Ignore
        : !Replaces ? checkpoint.Deletes
        : target.MarksDeleted ? DeletePolicy.Soft : DeletePolicy.Hard;

    /// <summary>
    /// Whether a replaced table keeps rows that did not come: marked as deleted if nothing is missing, as they are if nobody knows that they are
    /// gone.
    /// </summary>
    public bool CarriesOver => Replaces && Compares && (checkpoint.HasGaps || Vanished == DeletePolicy.Soft);

    /// <summary>
    /// Whether a staged row is looked for in the table; one that is there word for word counts as unchanged, and is not written again.
    /// </summary>
    public bool DropsUnchanged => HasKey && !Replaces && target.Strategy != Strategy.DeleteInsert;

    /// <summary>How the staged rows get into the table; asked only when there are any, or when a range is to be emptied.</summary>
    /// <exception cref="SluiceException">The strategy needs a key that the table does not have (kind Config).</exception>
    public MergeAction Action => target.Strategy switch
    {
        Strategy.Merge when HasKey => MergeAction.Upsert,
        Strategy.DeleteInsert when target.IncrementalKey is { } by && _live.Contains(by) => MergeAction.ReplaceRange,
        Strategy.Append => HasKey ? MergeAction.AppendNew : MergeAction.AppendAll,
        _ => throw new SluiceException(
            SluiceErrorKind.Config,
            $"{target.Strategy} into {target.Schema}.{target.Table} needs a key to know rows by.",
            "Give --primary-key (merge) or --incremental-key (delete+insert), or choose --incremental-strategy replace."),
    };

    /// <summary>Whether <see cref="Action"/> has something to do with so many staged rows.</summary>
    public bool Acts(long rows) => rows > 0 || target.Strategy == Strategy.DeleteInsert;
}
