using Sluice.Engine.Catalog;
using Sluice.Engine.Extract;
using Sluice.Engine.Load;
using Sluice.Engine.Shape;
using Sluice.Engine.State;

namespace Sluice.Engine.Runs;

/// <summary>What the shaper and the destination are told of one table's load.</summary>
internal sealed class TableLoadPlan(TableJob job, IReadOnlyList<SpooledExtraction> extractions, LoadContext context)
{
    private static readonly Dictionary<string, DateTimeOffset> NoParents = new(StringComparer.Ordinal);

    public ShapeOptions Shape { get; } = new()
    {
        Resource = job.Resource,
        Table = $"{job.Schema}.{job.Table}",
        PrimaryKey = job.PrimaryKey,
        IncrementalKey = job.IncrementalKey,
        Interval = job.Settings.Interval,
        TypeOverrides = job.TypeOverrides,
        Only = job.Only,
        Without = job.Without,
        Flattening = job.Flattening,
        Renames = job.Renames,
        Contract = job.Settings.Contract,
        StartsOver = job.Settings.FullRefresh,
    };

    public LoadTarget Target() => new()
    {
        Schema = job.Schema,
        Table = job.Table,
        Strategy = job.Strategy,
        PrimaryKey = job.PrimaryKey,
        IncrementalKey = job.IncrementalKey,
        Interval = job.Settings.Interval,
        MarksDeleted = job.Resource.ListsAll && job.Settings.Deletes == DeletePolicy.Soft,
        StartsOver = job.Settings.FullRefresh,
        Rules = job.Rules,
        KeepsVersions = job.KeepsVersions,
        IndexedColumns = job.Settings.Indexes ? [.. job.Resource.LookupColumns.Select(column => job.Renames.GetValueOrDefault(column, column))] : [],
        Docs = TableDocs.Of(job.Resource, job.Renames),
        StageRows = context.Request.StageRows,
        StageFolder = context.Request.StageFolder,
        RunId = context.RunId,
        LoadId = string.Join('+', extractions.Select(one => one.Sink.SpoolId)),
        LoadedAt = context.Time.GetUtcNow(),
    };

    public Checkpoint Checkpoint(StagedRows staged, LedgerLine ledger, LoadReconciliation reconciliation) => new()
    {
        State = job.Settings.Interval.IsAll && job.Settings.Limit is null ? State() : null,
        IsComplete = reconciliation.IsComplete(staged),
        HasGaps = reconciliation.HasGaps,
        Deletes = job.Settings.Deletes,
        Ledger = ledger,
    };

    private TableState State() => job.IsCombined
        ? WorkspaceMarks.Combine(extractions.ToDictionary(one => one.Workspace, State, StringComparer.Ordinal))
        : State(extractions[0]);

    private TableState State(SpooledExtraction one) => new()
    {
        Table = job.Table,
        Source = job.Question,
        Until = one.Sink.Began - LookBack.Margin,
        Parents = ParentsRead(one),
        RunId = context.RunId,
    };

    // Every parent that was read to its end by time; one that was skipped is left out and has all of its history ahead.
    private static IReadOnlyDictionary<string, DateTimeOffset> ParentsRead(SpooledExtraction one)
    {
        if (one.Extraction.Resource.Window is null)
        {
            return NoParents;
        }

        if (one.Parent is null)
        {
            return TableState.BeginningMark(one.Range.Start is null ? one.First ?? one.Range.Beginning : one.Range.Beginning);
        }

        var until = one.Sink.Began - LookBack.Margin;
        var skipped = one.Sink.Skips;
        return one.Sink.PartitionNames().Select(ParentRow.KeyOf).Distinct(StringComparer.Ordinal)
            .Where(parent => !skipped.ContainsKey(parent))
            .ToDictionary(parent => parent, _ => until, StringComparer.Ordinal);
    }
}
