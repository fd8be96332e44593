using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Writes.Statements;

namespace Sluice.Writes.Backup;

/// <summary>What a restore would do with a thing.</summary>
public enum RestoreState
{
    /// <summary>Nothing: it is as in the backup.</summary>
    Same,

    /// <summary>Customer.io does not have it, and gets it.</summary>
    New,

    /// <summary>It differs, and becomes what it is in the backup.</summary>
    Changed,

    /// <summary>It differs, or is gone, and no call brings it back.</summary>
    Impossible,

    /// <summary>The backup does not have it: it is left alone.</summary>
    OnlyThere,
}

/// <summary>What a restore would do with one thing, and why.</summary>
/// <param name="Path">Its folder in the backup, or the one that it would have.</param>
/// <param name="State">What would be done.</param>
public sealed record RestoreFinding(string Path, RestoreState State)
{
    /// <summary>Its name, where the folder does not tell it.</summary>
    public string? Name { get; init; }

    /// <summary>Whether somebody has changed it in Customer.io since the backup.</summary>
    public bool IsChangedThere { get; init; }

    /// <summary>What would be set.</summary>
    public IReadOnlyList<RestoreDifference> Differences { get; init; } = [];

    /// <summary>What can't be brought back, in words.</summary>
    public IReadOnlyList<string> Impossible { get; init; } = [];
}

/// <summary>A value that differs.</summary>
/// <param name="What">The column, or rows, or members.</param>
/// <param name="Lines">Where it differs, line by line.</param>
public sealed record RestoreDifference(string What, IReadOnlyList<DifferentLines> Lines);

/// <summary>The calls of one table.</summary>
/// <param name="Table">The table.</param>
/// <param name="Calls">The calls in order.</param>
public sealed record TableCalls(string Table, IReadOnlyList<PlannedCall> Calls);

/// <summary>Compares a backup with what Customer.io has now; nothing is sent.</summary>
public sealed class RestorePlan
{
    private readonly List<RestoreFinding> _findings = [];
    private readonly List<TableCalls> _calls = [];
    private readonly List<SegmentMembers> _members = [];

    private RestorePlan(BackupFolder folder) => Folder = folder;

    /// <summary>The backup.</summary>
    internal BackupFolder Folder { get; }

    /// <summary>All things but those that are the same, what only Customer.io has at the end.</summary>
    public IEnumerable<RestoreFinding> Findings =>
        _findings.Where(one => one.State != RestoreState.Same).OrderBy(one => one.State == RestoreState.OnlyThere);

    /// <summary>How many things there are of a state.</summary>
    public int Count(RestoreState state) => _findings.Count(one => one.State == state);

    /// <summary>The calls, table by table, but those that add members.</summary>
    public IReadOnlyList<TableCalls> Calls => _calls;

    /// <summary>Whether people are added to segments, by the Track API.</summary>
    public bool AddsMembers => _members.Count > 0;

    /// <summary>Calls that it takes to add the members.</summary>
    public int MemberCalls => _members.Sum(one => (one.Members.Count + Statements.MemberCalls.MostInCall - 1) / Statements.MemberCalls.MostInCall);

    /// <summary>Whether there is something to send.</summary>
    public bool HasChanges => _calls.Count > 0 || AddsMembers;

    /// <summary>The things that will be made or changed, by kind.</summary>
    internal Dictionary<BackupKind, List<BackupItem>> Touched { get; } = [];

    internal IReadOnlyList<SegmentMembers> Members => _members;

    /// <summary>Reads what there is, and compares.</summary>
    /// <param name="folder">The backup.</param>
    /// <param name="selection">What of it is meant.</param>
    /// <param name="read">Reads rows of the workspace.</param>
    /// <param name="cancel">Stops within a page.</param>
    /// <exception cref="SluiceException">The backup is damaged, or something of it can't be sent, or Customer.io refuses.</exception>
    public static async Task<RestorePlan> MakeAsync(BackupFolder folder, BackupSelection selection, WorkspaceRows read, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(selection);
        var plan = new RestorePlan(folder);
        foreach (var items in selection.In(folder.Index).Select(kind => (Kind: kind, All: folder.List(kind))).ToList())
        {
            var comparison = new KindComparison(folder, items.Kind, items.All, selection.Of(items.Kind, items.All), selection.IsWhole(items.Kind));
            plan.Add(items.Kind, await comparison.RunAsync(read, cancel));
        }

        return plan;
    }

    /// <summary>Compares things once more that were made or changed; gives those that are not as in the backup.</summary>
    internal static async Task<IReadOnlyList<string>> CompareAsync(
        BackupFolder folder, BackupKind kind, IReadOnlyList<BackupItem> items, WorkspaceRows read, CancellationToken cancel)
    {
        var results = await new KindComparison(folder, kind, folder.List(kind), items, isWhole: false).RunAsync(read, cancel);
        return [.. results.Where(one => one.Finding.State is RestoreState.New or RestoreState.Changed).Select(one => one.Finding.Path)];
    }

    private void Add(BackupKind kind, IReadOnlyList<ItemResult> results)
    {
        _findings.AddRange(results.Select(one => one.Finding));
        var changes = results.Select((one, index) => one.Change is { } change ? change with { Row = index } : null).OfType<RowChange>().ToList();
        if (changes.Count > 0)
        {
            var key = ResourceCatalog.Default.Find(kind.Table)!.PrimaryKey;
            _calls.Add(new TableCalls(kind.Table, new CallPlan(kind.Writes, key).Make(changes)));
        }

        _members.AddRange(results.Select(one => one.Members).OfType<SegmentMembers>());
        var touched = results.Where(one => one.Change is not null || one.Members is not null).Select(one => one.Saved!).ToList();
        if (touched.Count > 0)
        {
            Touched[kind] = touched;
        }
    }
}

/// <summary>People who are to be added to a segment; it has no id yet where it is made first.</summary>
internal sealed record SegmentMembers(string Name, long? Segment, IReadOnlyList<SavedMember> Members);

/// <summary>What came out of comparing one thing.</summary>
internal sealed record ItemResult(RestoreFinding Finding)
{
    public BackupItem? Saved { get; init; }

    /// <summary>The change that it takes; null for none.</summary>
    public RowChange? Change { get; init; }

    public SegmentMembers? Members { get; init; }
}
