using Sluice.Engine.Catalog;
using Sluice.Engine.Load;
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

    /// <summary>Whether the models are made after the tables: views that answer questions.</summary>
    public bool Models { get; init; }

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

    /// <summary>The names of columns and fields that the catalog does not know: unless the destination does, nothing is asked for.</summary>
    public IReadOnlyList<NamedColumn> NamedColumns { get; init; } = [];

    /// <summary>What is to be known of the choice of tables, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>How long the names of tables may be in the destination.</summary>
    public NameLimit TableNames { get; init; } = NameLimit.None;

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

/// <summary>One table to ingest: what is read and where and how it is written.</summary>
public sealed record TableJob
{
    /// <summary>The table as it was asked for: a resource, with its period where it has one.</summary>
    public required TableName Source { get; init; }

    /// <summary>What the catalog says of the resource.</summary>
    public required Resource Resource { get; init; }

    /// <summary>The schema of the destination table.</summary>
    public string Schema { get; init; } = LoadTarget.DefaultSchema;

    /// <summary>The destination table.</summary>
    public required string Table { get; init; }

    /// <summary>What is done with rows that are there.</summary>
    public required Strategy Strategy { get; init; }

    /// <summary>What a column of a row that the table has gets, by column, unless it is what came.</summary>
    internal IReadOnlyDictionary<string, MergeRule> Rules { get; init; } = new Dictionary<string, MergeRule>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The strategy as users write it.</summary>
    internal string StrategyName => Strategy == Strategy.DeleteInsert ? "delete+insert" : Strategy.ToString().ToLowerInvariant();

    /// <summary>The columns that identify a row.</summary>
    public required IReadOnlyList<string> PrimaryKey { get; init; }

    /// <summary>The column by which changed rows are known, or null.</summary>
    public string? IncrementalKey { get; init; }

    /// <summary>What was said about how the resource, and those that lead to it, are asked for; <see cref="Resource"/> has it applied.</summary>
    public OptionValues Options { get; init; } = OptionValues.None;

    /// <summary>The workspaces that it is read from, by name; empty for all of the run's.</summary>
    public IReadOnlyList<string> Workspaces { get; init; } = [];

    /// <summary>Whether it holds the rows of several workspaces, told apart by the column <c>workspace</c>.</summary>
    public bool IsCombined { get; init; }

    /// <summary>Whether a workspace's rows go into it.</summary>
    public bool IsReadFrom(string workspace) => Workspaces.Count == 0 || Workspaces.Contains(workspace, StringComparer.Ordinal);

    /// <summary>How this table is read and written.</summary>
    public TableSettings Settings { get; init; } = new();

    /// <summary>Which rows of what leads to it are asked.</summary>
    public WhereFilter Where { get; init; } = WhereFilter.None;

    /// <summary>
    /// What the table holds, in words that change whenever other rows would be asked for: a mark of one question is none of another.
    /// </summary>
    public string Question =>
        $"{Source}{(Options.IsEmpty ? "" : "?")}{Options}{(Where.IsEmpty ? "" : " where ")}{Where}{(Slice is null ? "" : "#")}{Slice}";

    /// <summary>Whether it keeps what Customer.io no longer has, so that not even a full refresh replaces it.</summary>
    public bool KeepsHistory { get; init; }

    /// <summary>Whether the versions that its rows have had are kept in a table of their own.</summary>
    public bool KeepsVersions { get; init; }

    /// <summary>Whether each whole reading is kept as an observation, where the table has something to observe.</summary>
    public bool Observes { get; init; }

    /// <summary>The same table, read and replaced whatever the strategy is and whatever is remembered.</summary>
    public TableJob AsFullRefresh() => this with
    {
        Strategy = KeepsHistory ? Strategy : Strategy.Replace,
        Settings = Settings with { FullRefresh = true },
    };

    /// <summary>The destination table with its schema.</summary>
    public string Place => $"{Schema}.{Table}";

    /// <summary>Whether it becomes several tables once it is known which kinds of records there are.</summary>
    public Slicing Slicing { get; init; }

    /// <summary>The records that this table is of, when it is one of several; null for all.</summary>
    public RecordSlice? Slice { get; init; }

    /// <summary>Which members of the records' object become columns; null for none.</summary>
    public Flattening? Flattening { get; init; }

    /// <summary>Names that columns have in the destination instead of those made from fields that the catalog does not know, by the field.</summary>
    public IReadOnlyDictionary<string, string> Renames { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Types that the user wants instead of the catalog's, by column.</summary>
    public IReadOnlyDictionary<string, ColumnType> TypeOverrides { get; init; } = new Dictionary<string, ColumnType>(StringComparer.Ordinal);

    /// <summary>Columns to keep; empty for all.</summary>
    public IReadOnlySet<string> Only { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Columns to leave out.</summary>
    public IReadOnlySet<string> Without { get; init; } = new HashSet<string>(StringComparer.Ordinal);
}

/// <summary>How a table of activities becomes several.</summary>
public enum Slicing
{
    /// <summary>It stays one.</summary>
    None,

    /// <summary>A table for each type.</summary>
    ByType,

    /// <summary>A table for each type, and of events one for each name.</summary>
    ByTypeAndName,
}

/// <summary>How a table is read and written beyond its columns, with the defaults filled in.</summary>
public sealed record TableSettings
{
    /// <summary>
    /// Whether these were said for this table alone, as a pipeline can: then nobody else's pages serve it. What holds for all tables of a request is
    /// a part of each spool's fingerprint instead.
    /// </summary>
    public bool IsOwn { get; init; }

    /// <summary>The range of time that was asked for.</summary>
    public Interval Interval { get; init; } = Interval.All;

    /// <summary>Rows after which no more is asked for, or null.</summary>
    public long? Limit { get; init; }

    /// <summary>Whether the columns by which rows are looked up get an index each.</summary>
    public bool Indexes { get; init; }

    /// <summary>Whether the table is read and written anew, whatever is remembered of it.</summary>
    public bool FullRefresh { get; init; }

    /// <summary>How far behind the mark of the last run an incremental one begins for deliveries, 0 to 180 days; null for 30 days.</summary>
    public TimeSpan? LookBack { get; init; }

    /// <summary>What becomes of rows that a whole listing no longer has.</summary>
    public DeletePolicy Deletes { get; init; }

    /// <summary>What is done about fields that nobody knows.</summary>
    public SchemaContract Contract { get; init; }

    /// <summary>What is hidden of records before they are stored.</summary>
    public MaskSet Masks { get; init; } = MaskSet.None;

    /// <summary>What need not be masked any more as it is in the destination, by the names that masks have.</summary>
    public IReadOnlyList<string> Unmask { get; init; } = [];
}

/// <summary>The column that tells which workspace a row is of, where a run reads several.</summary>
public static class WorkspaceColumn
{
    /// <summary>The column's name.</summary>
    public const string Name = "workspace";

    // Records do not say it themselves: it is written in front of each of them on its way.
    internal const string Source = Column.InjectedPrefix + Name;

    private static readonly Column Column = new(Name, ColumnType.Text, "The workspace that the row is of, by its name in the pipeline.")
    {
        Source = Source,
    };

    /// <summary>Gives a table of one workspace the column.</summary>
    public static TableJob AddTo(TableJob job) => job with
    {
        Resource = job.Resource with { Columns = [Column, .. job.Resource.Columns.Where(column => column.Name != Name)] },
        Only = job.Only.Count == 0 ? job.Only : job.Only.Append(Name).ToHashSet(StringComparer.Ordinal),
    };

    /// <summary>Makes a table one of all its workspaces together: rows with the same key are the same only in the same workspace.</summary>
    public static TableJob Combine(TableJob job) => AddTo(job) with
    {
        IsCombined = true,
        PrimaryKey = job.PrimaryKey.Count == 0 ? [] : [Name, .. job.PrimaryKey.Where(column => column != Name)],
    };
}
