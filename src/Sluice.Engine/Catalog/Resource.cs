namespace Sluice.Engine.Catalog;

/// <summary>Everything that is known of one resource of the App API and of the table that holds its records.</summary>
public sealed record Resource
{
    /// <summary>The name of the resource, which is the table's name unless a metrics period is added.</summary>
    public required string Name { get; init; }

    /// <summary>One or two sentences: what a row is, and what to know before relying on it.</summary>
    public required string Doc { get; init; }

    /// <summary>The address of the endpoint in Customer.io's reference.</summary>
    public required string DocsUrl { get; init; }

    /// <summary>The HTTP method, GET or POST.</summary>
    public string Method { get; init; } = "GET";

    /// <summary>The path below the region's host, with <c>{parameter}</c> where a value of the parent's row goes.</summary>
    public required string Path { get; init; }

    /// <summary>The path that gives the same records for one person by cio_id, for questions about few people, or null.</summary>
    public string? PersonPath { get; init; }

    /// <summary>The resource whose rows name the people for <see cref="PersonPath"/>, or null.</summary>
    public string? PersonParent { get; init; }

    /// <summary>The body as JSON text with <c>{parameter}</c> where a route parameter goes, or null for none.</summary>
    public string? Body { get; init; }

    /// <summary>Query parameters that every request carries.</summary>
    public IReadOnlyDictionary<string, string> Query { get; init; } = new Dictionary<string, string>();

    /// <summary>Requests that together give the whole, such as visible and hidden senders; empty if one is enough.</summary>
    public IReadOnlyList<RequestVariant> Variants { get; init; } = [];

    /// <summary>How many parents one request may ask for, or null if a request asks for one.</summary>
    public BatchRule? Batch { get; init; }

    /// <summary>The keys under which the answer may hold the records, the documented one first.</summary>
    public required IReadOnlyList<string> RootKeys { get; init; }

    /// <summary>The key inside an entry that holds the record, or null if the entry is the record; a bare entry is accepted too.</summary>
    public string? ItemKey { get; init; }

    /// <summary>The column for entries that are bare values instead of objects, or null.</summary>
    public string? ScalarName { get; init; }

    /// <summary>Whether the list is known to page; a <c>next</c> in the answer is followed in any case.</summary>
    public bool Paged { get; init; }

    /// <summary>The <c>limit</c> that is sent, in records, or null to send none because no maximum is documented.</summary>
    public int? PageSize { get; init; }

    /// <summary>The largest <c>limit</c> that the API allows, in records, or null if that is not documented.</summary>
    public int? MaxPageSize { get; init; }

    /// <summary>How the next page is asked for.</summary>
    public PagingStyle Paging { get; init; }

    /// <summary>The records of a full page where no <c>limit</c> can be sent, as far as that is known, for estimates; null if it is not.</summary>
    public int? UsualPageSize { get; init; }

    /// <summary>Whether the answer may be JSON lines: several values instead of one.</summary>
    public bool Lines { get; init; }

    /// <summary>
    /// The array inside a record whose entries become the rows, each with the record's other fields (an entry's own come first);
    /// null if the record is the row.
    /// </summary>
    public string? Explode { get; init; }

    /// <summary>How a record that is several lists by name becomes rows, or null.</summary>
    public UnpivotRule? Unpivot { get; init; }

    /// <summary>The column that gets a row's position in its list, from 0, where nothing else identifies it; null otherwise.</summary>
    public string? RowIndex { get; init; }

    /// <summary>Where Customer.io says how many records a parent has, or null.</summary>
    public CountRule? Count { get; init; }

    /// <summary>For answers that hold a series for each of several things: the key of the thing, whose fields go into its rows; null otherwise.</summary>
    public string? SeriesOf { get; init; }

    /// <summary>The array in the parent's rows that names each record, so that they can be counted without being read; null if there is none.</summary>
    public string? ListedIn { get; init; }

    /// <summary>Whether it is read only when it is named, though it is a list of the workspace: how long it is nobody knows.</summary>
    public bool OnRequest { get; init; }

    /// <summary>The way in which all records are read.</summary>
    public ReadingKind Reading { get; init; }

    /// <summary>The resource whose rows lead to this one, or null.</summary>
    public ParentBinding? Parent { get; init; }

    /// <summary>The window of time that each request names, or null.</summary>
    public WindowRule? Window { get; init; }

    /// <summary>The parameters with which metrics are asked for.</summary>
    public MetricsStyle Metrics { get; init; }

    /// <summary>The columns that identify a row.</summary>
    public required IReadOnlyList<string> PrimaryKey { get; init; }

    /// <summary>The key columns that may be hashed: nothing leads or joins by them, and a hash identifies a row as well as the value does.</summary>
    public IReadOnlyList<string> HashableKeys { get; init; } = [];

    /// <summary>The column by which an incremental read knows changed rows, or null if there is none.</summary>
    public string? CursorColumn { get; init; }

    /// <summary>Who leaves out the records outside an incremental read's interval.</summary>
    public CursorFilter CursorFilter { get; init; }

    /// <summary>What a load does unless the user says otherwise.</summary>
    public Strategy DefaultStrategy { get; init; }

    /// <summary>The table's columns in order; new fields of the records are added behind them at run time.</summary>
    public IReadOnlyList<Column> Columns { get; init; } = [];

    /// <summary>The resource whose pages hold the same records, so that one read serves both tables, or null.</summary>
    public string? SharedWith { get; init; }

    /// <summary>The column by which the list is sorted, newest first, so that a reader can stop at what it knows; null if no order is documented.</summary>
    public string? NewestFirstBy { get; init; }

    /// <summary>Whether the API keeps the records for a time only: what is missing from the list has not been deleted then.</summary>
    public bool Forgets { get; init; }

    /// <summary>Whether a whole read lists every record that exists, so that a row that is not among them has been deleted.</summary>
    public bool ListsAll => Window is null && Metrics == MetricsStyle.None && !Forgets && PrimaryKey.Count > 0;

    /// <summary>An SQL condition over this table's columns that a row must meet, or null for all rows.</summary>
    public string? RowFilter { get; init; }

    /// <summary>The columns that can hold secrets and what is taken out of them.</summary>
    public IReadOnlyList<Redaction> Redactions { get; init; } = [];

    /// <summary>Traps of the endpoint and decisions about the table, one sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The object of each record whose members can become columns, or null.</summary>
    public FlattenRule? Flatten { get; init; }

    /// <summary>What a user may say about how it is asked for.</summary>
    public IReadOnlyList<ResourceOption> Options { get; init; } = [];

    /// <summary>What exports of the table can be of: exactly one of their options must be set. Empty when an export needs no such word.</summary>
    public IReadOnlyList<ExportParent> ExportParents { get; init; } = [];

    /// <summary>What is made of an export's lines.</summary>
    public ExportForm ExportForm { get; init; }

    /// <summary>Other names that the table is found by, such as those that other connectors use.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Whether a column is filled by what was asked for instead of by the record.</summary>
    public bool IsStamped(string column) =>
        Parent?.Columns.ContainsKey(column) == true || Variants.Any(variant => variant.Columns.ContainsKey(column));

    /// <summary>The option of that kind, or null.</summary>
    public ResourceOption? OptionOf(OptionKind kind) => Options.FirstOrDefault(option => option.Kind == kind);

    /// <summary>Whether the table's name needs a period, as in <c>campaign_metrics:days</c>.</summary>
    public bool TakesPeriod => Metrics != MetricsStyle.None;
}

/// <summary>What a load does with the rows that the destination already has.</summary>
public enum Strategy
{
    /// <summary>The new rows take the place of all rows.</summary>
    Replace,

    /// <summary>A new row takes the place of the row with the same primary key, and other rows stay.</summary>
    Merge,

    /// <summary>New rows are added, and nothing is changed or removed.</summary>
    Append,

    /// <summary>The rows of the interval that was read are deleted, and then the new rows are inserted.</summary>
    DeleteInsert,
}
