using DuckDB.NET.Data;
using Sluice.Engine.Catalog;
using Sluice.Engine.Load.Staging;
using Sluice.Engine.Shape;
using Sluice.Engine.State;

namespace Sluice.Engine.Load;

/// <summary>
/// Brings the staged rows of one load into the table that readers see. All that comes before (reading records, columns for new fields, duplicates,
/// values that do not fit) has been done when it is asked.
/// </summary>
public interface ITargetWriter : IAsyncDisposable
{
    /// <summary>
    /// A connection to the DuckDB database that is the destination itself, so that rows are staged where they will stay and become visible with its
    /// transaction; the load closes it. Null when rows wait in the work folder.
    /// </summary>
    DuckDBConnection? Stage => null;

    /// <summary>
    /// Whether DuckDB makes what readers see, as a table of its own or files: then nothing is staged meanwhile, for both need its memory. A server
    /// takes the rows as they are read.
    /// </summary>
    bool IsWrittenByDuckDb => Stage is not null;

    /// <summary>Whether DuckDB gathers many rows before it writes them, as for a row group of Parquet: in little memory that is slower.</summary>
    bool GathersRows => false;

    /// <summary>Which names columns can have.</summary>
    NameRules Names { get; }

    /// <summary>
    /// Tells which values of a column the destination can't hold: an SQL condition in DuckDB's words, or null when it holds all. Such a value becomes
    /// NULL and is kept in <c>_sluice_rejects</c>, before rows are counted and written.
    /// </summary>
    /// <param name="column">The column, quoted for DuckDB.</param>
    /// <param name="type">Its type.</param>
    string? UnsupportedWhen(string column, ColumnType type);

    /// <summary>Reads what the table is now.</summary>
    Task<LiveTable> DescribeAsync(CancellationToken cancel);

    /// <summary>
    /// Fails when the table that is there can't take rows with these columns, as far as the destination can tell; asked before anything is read.
    /// The error names each column that does not fit, and what helps.
    /// </summary>
    /// <param name="columns">The columns that rows will have at least.</param>
    /// <param name="cancel">Stops the reading.</param>
    Task RequireFitAsync(IReadOnlyList<TableColumn> columns, CancellationToken cancel) => Task.CompletedTask;

    /// <summary>Counts the table's rows, those marked as deleted left out; 0 when there is no table.</summary>
    Task<long> CountAsync(CancellationToken cancel);

    /// <summary>
    /// Makes the staged rows visible, together with state, ledger line, rejects and the mapping of columns: after a crash at any moment either all of
    /// it is there or nothing. Where the destination can't do that in one transaction, doing it again must end in the same table.
    /// </summary>
    /// <param name="staged">The rows.</param>
    /// <param name="checkpoint">What becomes true together with them.</param>
    /// <param name="cancel">Stops before the commit; afterwards it is done.</param>
    /// <returns>
    /// What was done; null when the table is as it was, since <see cref="StagedTable.RejectAsync"/> took away values that were refused only now.
    /// </returns>
    /// <remarks>Under the lock or in the transaction of the commit it calls <see cref="StagedTable.RequireEpoch"/>.</remarks>
    /// <exception cref="SluiceException">The destination refuses (kind Destination), or a column would have to change values (kind
    /// Schema).</exception>
    Task<LoadResult?> WriteAsync(StagedTable staged, Checkpoint checkpoint, CancellationToken cancel);

    /// <summary>
    /// The same for several tables that belong together: in one transaction, or one after the other where there is none. Rows of tables that are
    /// staged in the destination itself are all on the connection of the first.
    /// </summary>
    /// <param name="parts">The tables, this writer's first.</param>
    /// <param name="cancel">Stops before the commit; afterwards it is done.</param>
    /// <returns>What was done with each; null when values were refused only now.</returns>
    async Task<IReadOnlyList<LoadResult>?> WriteTogetherAsync(IReadOnlyList<LoadPart> parts, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(parts);
        var results = new List<LoadResult>();
        foreach (var part in parts)
        {
            if (await part.Writer.WriteAsync(part.Staged, part.Checkpoint, cancel) is not { } result)
            {
                return null;
            }

            results.Add(result);
        }

        return results;
    }
}

/// <summary>One of several tables that become visible together.</summary>
/// <param name="Writer">The table's writer.</param>
/// <param name="Staged">Its rows.</param>
/// <param name="Checkpoint">What becomes true with them.</param>
public sealed record LoadPart(ITargetWriter Writer, StagedTable Staged, Checkpoint Checkpoint);

/// <summary>A destination's table as it is when a load begins.</summary>
public sealed record LiveTable
{
    /// <summary>A table that is not there.</summary>
    public static LiveTable None { get; } = new();

    /// <summary>The columns in their order, Sluice's own too; empty when there is no such table.</summary>
    public IReadOnlyDictionary<string, ColumnType> Columns { get; init; } =
        new OrderedDictionary<string, ColumnType>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Which column each field was given, as <c>_sluice_columns</c> has it for this table.</summary>
    public IReadOnlyList<MappedColumn> Mapping { get; init; } = [];

    /// <summary>The integer columns with a value that a double does not hold exactly; a column that was not looked at belongs here, too.</summary>
    public IReadOnlySet<string> LongIntegers { get; init; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>What this very load did when it was committed before; null when it was not.</summary>
    public LoadResult? Committed { get; init; }

    /// <summary>
    /// How many loads of what was read have been committed into the table: each commit makes it higher by one, whoever's it is. What webhooks brought
    /// does not count: pages that were read before it are merged with it.
    /// </summary>
    public long Epoch { get; init; }
}

/// <summary>Which table is loaded, how, and by whom.</summary>
public sealed record LoadTarget
{
    /// <summary>The schema when none is named.</summary>
    public const string DefaultSchema = "customerio";

    /// <summary>The schema of the table.</summary>
    public required string Schema { get; init; }

    /// <summary>The table's name.</summary>
    public required string Table { get; init; }

    /// <summary>What is done with rows that are there.</summary>
    public required Strategy Strategy { get; init; }

    /// <summary>The columns that identify a row; empty when nothing does, and then no doubles are looked for.</summary>
    public required IReadOnlyList<string> PrimaryKey { get; init; }

    /// <summary>The column whose range delete+insert deletes, or null.</summary>
    public string? IncrementalKey { get; init; }

    /// <summary>The range of time that was asked for.</summary>
    public Interval Interval { get; init; } = Interval.All;

    /// <summary>Whether the table has the column <c>_sluice_deleted_at</c>, for rows that Customer.io no longer has.</summary>
    public bool MarksDeleted { get; init; }

    /// <summary>Whether nothing of the old table is to be kept, marks of deleted rows neither.</summary>
    public bool StartsOver { get; init; }

    /// <summary>What a column of a row that the table has gets, by column; those that are not named get what came.</summary>
    public IReadOnlyDictionary<string, MergeRule> Rules { get; init; } = new Dictionary<string, MergeRule>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the versions that its rows have had are kept in a table of their own.</summary>
    public bool KeepsVersions { get; init; }

    /// <summary>The columns that get an index each, for those who read; empty unless the user asks for them.</summary>
    public IReadOnlyList<string> IndexedColumns { get; init; } = [];

    /// <summary>Whether rows are left out whose key the table does not have.</summary>
    public bool OnlyKnown { get; init; }

    /// <summary>
    /// What brings the rows, when it is not a reading of Customer.io: its rows are staged apart, for those of a stopped run wait for it to go on.
    /// </summary>
    public string Feed { get; init; } = "";

    /// <summary>What the table and its columns mean.</summary>
    public TableDocs Docs { get; init; } = TableDocs.None;

    /// <summary>The table as the staging area calls it.</summary>
    internal string StageName => Feed.Length == 0 ? Table : $"{Feed}:{Table}";

    /// <summary>Rows after which what is staged must survive the end of the process.</summary>
    public long StageRows { get; init; } = 250_000;

    /// <summary>The folder in which a destination that can't stage rows itself keeps them until the commit; nobody else writes there.</summary>
    public required string StageFolder { get; init; }

    /// <summary>The run, written into every row.</summary>
    public required string RunId { get; init; }

    /// <summary>Names the records that are loaded: a resumed run has the same, so that nothing is loaded twice.</summary>
    public required string LoadId { get; init; }

    /// <summary>When the rows were loaded, written into every row.</summary>
    public required DateTimeOffset LoadedAt { get; init; }
}

/// <summary>What becomes true together with the rows, in the same transaction.</summary>
public sealed record Checkpoint
{
    /// <summary>How far the table has been read now; null leaves what is remembered alone.</summary>
    public TableState? State { get; init; }

    /// <summary>Whether the staged rows are all that Customer.io has: only then a row that is not among them has been deleted.</summary>
    public bool IsComplete { get; init; }

    /// <summary>
    /// Whether the staged rows were meant to be all and are not (a parent was skipped, a count came short): a replaced table keeps the rows that did
    /// not come, for nobody knows that they are gone.
    /// </summary>
    public bool HasGaps { get; init; }

    /// <summary>What becomes of rows that are not among the staged ones; without meaning unless <see cref="IsComplete"/>.</summary>
    public DeletePolicy Deletes { get; init; }

    /// <summary>What is masked in the table from now on, and what no longer is: a row of the mapping for each.</summary>
    public IReadOnlyList<MappedColumn> Masked { get; init; } = [];

    /// <summary>The ledger's line as far as it is known before the rows are counted.</summary>
    public required LedgerLine Ledger { get; init; }
}

/// <summary>The account of one load: what was to be expected, what came, and where every record went.</summary>
public sealed record LedgerLine
{
    /// <summary>What stands for the table that was asked for where webhooks brought the rows; no table is called so.</summary>
    public const string OfWebhooks = "webhooks";

    /// <summary>Stands before the table that was asked for where rows tell what its reading has shown; no table is called so.</summary>
    public const string OfObservations = "observed:";

    /// <summary>The table as it was asked for.</summary>
    public required string Source { get; init; }

    /// <summary>Records that Customer.io says there are; null when it has no count.</summary>
    public long? Expected { get; init; }

    /// <summary>Where <see cref="Expected"/> comes from.</summary>
    public string? ExpectedBy { get; init; }

    /// <summary>Records that Customer.io gave.</summary>
    public long Fetched { get; init; }

    /// <summary>Records that are not of this table or outside the interval or the limit.</summary>
    public long LeftOut { get; init; }

    /// <summary>Parents or people that could not be read.</summary>
    public long Skipped { get; init; }

    /// <summary>Why records are missing, one sentence each.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];
}

/// <summary>What a commit did.</summary>
public sealed record LoadResult
{
    /// <summary>Rows of this load that were written: new ones and changed ones.</summary>
    public long Loaded { get; init; }

    /// <summary>Rows of this load that the table had already, word for word.</summary>
    public long Unchanged { get; init; }

    /// <summary>Records that came more than once and count once.</summary>
    public long Doubled { get; init; }

    /// <summary>Values that did not fit their column and are kept in <c>_sluice_rejects</c>.</summary>
    public long Rejected { get; init; }

    /// <summary>Rows that were marked or removed because Customer.io no longer has them.</summary>
    public long Deleted { get; init; }

    /// <summary>Rows that had the mark and lost it because Customer.io has them again.</summary>
    public long Returned { get; init; }

    /// <summary>Versions of rows that ended with this load, where they are kept: others took their place, or the row is gone.</summary>
    public long VersionsEnded { get; init; }

    /// <summary>Versions of rows that began with it.</summary>
    public long VersionsBegun { get; init; }

    /// <summary>Rows in the table after the commit, those marked as deleted left out.</summary>
    public long TableRows { get; init; }

    /// <summary>Columns that an existing table was given.</summary>
    public IReadOnlyList<SchemaChange> SchemaChanges { get; init; } = [];
}

/// <summary>What stands ready to become visible.</summary>
/// <param name="Rows">Rows, each key once.</param>
/// <param name="Doubled">Records that came more than once and count once.</param>
/// <param name="Rejected">Values that did not fit their column and are kept in <c>_sluice_rejects</c>.</param>
/// <param name="LiveRows">Rows that the table has now and that are not marked as deleted.</param>
public sealed record StagedRows(long Rows, long Doubled, long Rejected, long LiveRows);
