using Sluice.Engine.Catalog;
using Sluice.Engine.Masking;

namespace Sluice.Engine.Runs;

/// <summary>Everything that one ingest needs to know, checked and with the defaults filled in.</summary>
public sealed record IngestRequest
{
    /// <summary>The tables, in the order in which they are reported.</summary>
    public required IReadOnlyList<TableJob> Tables { get; init; }

    /// <summary>What can be read, and how.</summary>
    public ResourceCatalog Catalog { get; init; } = ResourceCatalog.Default;

    /// <summary>Whether named gaps (skipped parents, short counts, rejected values) are accepted as success.</summary>
    public bool AllowPartial { get; init; }

    /// <summary>The folder for spools, from <c>SLUICE_HOME</c>.</summary>
    public string WorkFolder { get; init; } = ".sluice";

    /// <summary>Names the pair of workspace and destination: spools of different pairs never meet.</summary>
    public required string PairId { get; init; }

    /// <summary>Bytes after which a segment is closed and loaded.</summary>
    public long SegmentBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Rows after which a load makes what it has staged survive the process, so that the spool can let go of them.</summary>
    public long StageRows { get; init; } = 250_000;

    /// <summary>Keeps the spooled pages after the commit, for debugging.</summary>
    public bool KeepSpool { get; init; }

    /// <summary>What is hidden in the lists that only lead to tables and are none themselves.</summary>
    public MaskSet ParentMasks { get; init; } = MaskSet.None;

    /// <summary>Where the pages of this workspace and destination wait.</summary>
    internal string SpoolFolder => Path.Combine(WorkFolder, "spool", PairId);

    /// <summary>Where rows wait for the commit when their destination can't stage them itself.</summary>
    internal string StageFolder => Path.Combine(WorkFolder, "stage", PairId);

    /// <summary>The part of the request that one workspace has to answer.</summary>
    internal IngestRequest In(string workspace, string pairId) =>
        this with
        {
            PairId = pairId,
            Tables = [.. Tables.Where(job => job.IsReadFrom(workspace))],
        };

    /// <summary>The same request with other settings for every table.</summary>
    public IngestRequest WithSettings(Func<TableSettings, TableSettings> change) =>
        this with
        {
            Tables = [.. Tables.Select(job => job with { Settings = change(job.Settings) })],
        };

    /// <summary>
    /// Leaves the pages where they are after the commit, so that the same request loads them into another destination without asking again.
    /// </summary>
    public bool LeaveSpool { get; init; }

    /// <summary>Partitions of one extraction that may wait for an answer at the same time.</summary>
    public int Parallelism { get; init; } = 24;
}
