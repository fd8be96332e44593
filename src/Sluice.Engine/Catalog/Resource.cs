namespace Sluice.Engine.Catalog;

/// <summary>A resource of the App API and its table.</summary>
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

    /// <summary>The path of the same records for a single person, for conditions that name a few people, or null.</summary>
    public string? PersonPath { get; init; }

    /// <summary>The resource whose rows name the people for <see cref="PersonPath"/>, or null.</summary>
    public string? PersonParent { get; init; }

    /// <summary>The body as JSON text with <c>{parameter}</c> where a route parameter goes, or null for none.</summary>
    public string? Body { get; init; }

    /// <summary>Query parameters that every request carries.</summary>
    public IReadOnlyDictionary<string, string> Query { get; init; } = new Dictionary<string, string>();

    /// <summary>Requests that are needed to read all records, such as visible and hidden senders; empty if one is enough.</summary>
    public IReadOnlyList<RequestVariant> Variants { get; init; } = [];

    /// <summary>How many parents a request can read, or null if only one.</summary>
    public BatchRule? Batch { get; init; }

    /// <summary>The root keys that can contain the records, the documented one first.</summary>
    public required IReadOnlyList<string> RootKeys { get; init; }

    /// <summary>The key inside an entry that holds the record, or null if the entry is the record; a bare entry is accepted too.</summary>
    public string? ItemKey { get; init; }

    /// <summary>The column for entries that are bare values instead of objects, or null.</summary>
    public string? ScalarName { get; init; }

    /// <summary>Whether the list is known to be paged; a <c>next</c> in the response is followed in any case.</summary>
    public bool Paged { get; init; }

    /// <summary>The <c>limit</c> that is sent, in records, or null to send none because no maximum is documented.</summary>
    public int? PageSize { get; init; }

    /// <summary>The largest <c>limit</c> that the API allows, in records, or null if that is not documented.</summary>
    public int? MaxPageSize { get; init; }

    /// <summary>How the next page is requested.</summary>
    public PagingStyle Paging { get; init; }

    /// <summary>The records of a full page where no <c>limit</c> can be sent, for estimates; null if unknown.</summary>
    public int? UsualPageSize { get; init; }

    /// <summary>Whether the response can be JSON lines: several values instead of one.</summary>
    public bool Lines { get; init; }

    /// <summary>
    /// The array inside a record whose entries become the rows, each with the record's other fields (an entry's own come first);
    /// null if the record is the row.
    /// </summary>
    public string? Explode { get; init; }

    /// <summary>How a record of several named lists becomes rows, or null.</summary>
    public UnpivotRule? Unpivot { get; init; }

    /// <summary>The column that gets a row's position in its list, from 0, where nothing else identifies it; null otherwise.</summary>
    public string? RowIndex { get; init; }

    /// <summary>Where Customer.io says how many records a parent has, or null.</summary>
    public CountRule? Count { get; init; }

    /// <summary>For responses with several series: the key of the object that each is of, whose fields go into the rows; null otherwise.</summary>
    public string? SeriesOf { get; init; }

    /// <summary>
    /// Whether responses of metrics can also hold series by language variant: they are records of the same pages, for a table of their own.
    /// </summary>
    public bool HasLanguageVariants { get; init; }

    /// <summary>
    /// The array in the parent's rows that lists the records, so that they can be counted without being read; null if there is none.
    /// </summary>
    public string? ListedIn { get; init; }

    /// <summary>Whether it is only read by name although it is a list of the workspace, because its length is unknown.</summary>
    public bool OnRequest { get; init; }

    /// <summary>How all records are read.</summary>
    public ReadingKind Reading { get; init; }

    /// <summary>The resource whose rows lead to this one, or null.</summary>
    public ParentBinding? Parent { get; init; }

    /// <summary>The time window of each request, or null.</summary>
    public WindowRule? Window { get; init; }

    /// <summary>The request parameters of metrics.</summary>
    public MetricsStyle Metrics { get; init; }

    /// <summary>The columns that identify a row.</summary>
    public required IReadOnlyList<string> PrimaryKey { get; init; }

    /// <summary>The columns by which rows are looked up where the key does not begin with them: the person, the parents, the creation.</summary>
    public IEnumerable<string> LookupColumns => Columns
        .Select(column => column.Name)
        .Where(column => column is "cio_id" or "created" or "created_at" || Parent?.Columns.ContainsKey(column) is true)
        .Where(column => PrimaryKey is not [var first, ..] || first != column);

    /// <summary>The key columns that can be hashed: no other table joins on them, and a hash identifies a row just as well.</summary>
    public IReadOnlyList<string> HashableKeys { get; init; } = [];

    /// <summary>The column by which an incremental read finds changed rows, or null if there is none.</summary>
    public string? CursorColumn { get; init; }

    /// <summary>Who filters out the records outside an incremental read's interval.</summary>
    public CursorFilter CursorFilter { get; init; }

    /// <summary>What a load does unless the user says otherwise.</summary>
    public Strategy DefaultStrategy { get; init; }

    /// <summary>The table's columns in order; columns for new fields are added after them at run time.</summary>
    public IReadOnlyList<Column> Columns { get; init; } = [];

    /// <summary>The resource whose pages hold the same records, so that one read serves both tables, or null.</summary>
    public string? SharedWith { get; init; }

    /// <summary>The table that has all of this one's rows, too, so that nobody needs both; null for most.</summary>
    public string? Within { get; init; }

    /// <summary>
    /// The column by which the list is sorted, newest first, so that a reader can stop at known rows; null if no order is documented.
    /// </summary>
    public string? NewestFirstBy { get; init; }

    /// <summary>Whether the API only retains the records for some time, so that records missing from the list were not necessarily deleted.</summary>
    public bool Forgets { get; init; }

    /// <summary>Whether a full read lists every existing record, so that any other row has been deleted.</summary>
    public bool ListsAll => Window is null && Metrics == MetricsStyle.None && !Forgets && PrimaryKey.Count > 0;

    /// <summary>An SQL condition over this table's columns, or null for all rows.</summary>
    public string? RowFilter { get; init; }

    /// <summary>The columns that can contain secrets and what is removed from them.</summary>
    public IReadOnlyList<Redaction> Redactions { get; init; } = [];

    /// <summary>Pitfalls of the endpoint and decisions about the table, one sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The object of each record whose members can become columns, or null.</summary>
    public FlattenRule? Flatten { get; init; }

    /// <summary>What is kept of each whole reading, or null.</summary>
    public ObservationRule? Observed { get; init; }

    /// <summary>The options that a user can set for its requests.</summary>
    public IReadOnlyList<ResourceOption> Options { get; init; } = [];

    /// <summary>The parents that an export can be of: exactly one of their options must be set. Empty if an export has no parent.</summary>
    public IReadOnlyList<ExportParent> ExportParents { get; init; } = [];

    /// <summary>What the rows of an export become.</summary>
    public ExportForm ExportForm { get; init; }

    /// <summary>Other names of the table, such as those in other connectors.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Whether a column is filled from the request instead of the record.</summary>
    public bool IsInjected(string column) =>
        Parent?.Columns.ContainsKey(column) == true || Variants.Any(variant => variant.Columns.ContainsKey(column));

    /// <summary>The same with columns for members of an object whose members are known, behind the object's own.</summary>
    public Resource WithMembers(IEnumerable<Column> members)
    {
        var added = members.Where(member => !Columns.Any(column => column.Source == member.Source)).ToList();
        return this with { Columns = [.. Columns.SelectMany(column => column.Source == Flatten?.Field ? added.Prepend(column) : [column])] };
    }

    /// <summary>The option of that kind, or null.</summary>
    public ResourceOption? OptionOf(OptionKind kind) => Options.FirstOrDefault(option => option.Kind == kind);

    /// <summary>Whether the table's name needs a period, as in <c>campaign_metrics:days</c>.</summary>
    public bool TakesPeriod => Metrics != MetricsStyle.None;
}

/// <summary>The write strategy of a load.</summary>
public enum Strategy
{
    /// <summary>The new rows replace all rows.</summary>
    Replace,

    /// <summary>A new row replaces the row with the same primary key; other rows stay.</summary>
    Merge,

    /// <summary>New rows are added; nothing is changed or removed.</summary>
    Append,

    /// <summary>The rows of the interval are deleted, then the new rows are inserted.</summary>
    DeleteInsert,
}

/// <summary>A column of a table and the path of its value in Customer.io's record.</summary>
/// <param name="Name">The column's name in the destination.</param>
/// <param name="Type">The column's type in the destination.</param>
/// <param name="Doc">One line: what the value means, its unit and its source.</param>
public sealed record Column(string Name, ColumnType Type, string Doc)
{
    /// <summary>Begins the name of a field that Sluice itself writes in front of a record, such as its parent's id.</summary>
    public const string InjectedPrefix = "_sluice_p_";

    /// <summary>The path in the record, with dots between keys; of several alternatives, separated by '|', the first with a value wins.</summary>
    /// <example>customer_identifiers.cio_id|identifiers.cio_id</example>
    public string Source { get; init; } = Name;

    /// <summary>The first unix second that is a time in a column of unix seconds; a smaller number is something else, such as a count.</summary>
    public long? NotBefore { get; init; }

    /// <summary>The alternatives of <see cref="Source"/> in the order in which they are tried.</summary>
    public IReadOnlyList<string> Sources => Source.Split('|');
}

/// <summary>The types that a column of a table can have.</summary>
public enum ColumnType
{
    /// <summary>A 64-bit integer; Customer.io also sends integers as JSON strings, which fit too.</summary>
    Bigint,

    /// <summary>A double-precision number.</summary>
    Double,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>Text as it was sent: numbers that are identifiers keep their leading zeros.</summary>
    Text,

    /// <summary>Unix seconds in the API and a TIMESTAMPTZ in the table; 0 means never and becomes NULL.</summary>
    UnixTime,

    /// <summary>A TIMESTAMPTZ from ISO 8601 text, which Sluice writes for the rows of metrics.</summary>
    Timestamp,

    /// <summary>A nested object or array, kept as JSON.</summary>
    Json,
}

/// <summary>The object of a record whose members can become columns of their own.</summary>
/// <param name="Field">The record's field that holds the object.</param>
/// <param name="Prefix">What the columns' names begin with; empty for nothing.</param>
public sealed record FlattenRule(string Field, string Prefix)
{
    /// <summary>
    /// The columns of an object whose members are known, with their types and where each stands; empty for one that users fill themselves.
    /// </summary>
    public IReadOnlyList<Column> Columns { get; init; } = [];

    /// <summary>The member of the object that one of <see cref="Columns"/> is made of.</summary>
    public string MemberOf(Column column) => column.Source[(Field.Length + 1)..];
}

/// <summary>How a record of several named lists becomes rows: one for every entry of every list.</summary>
/// <param name="Name">The field that gets the list's name.</param>
/// <param name="Value">The field that gets the entry.</param>
public sealed record UnpivotRule(string Name, string Value);

/// <summary>A column whose values can hold secrets.</summary>
/// <param name="Column">The column's name.</param>
/// <param name="Rule">What is taken out.</param>
public sealed record Redaction(string Column, RedactionRule Rule);

/// <summary>What is taken out of a value before it is stored.</summary>
public enum RedactionRule
{
    /// <summary>Of a URL, the user name and password and the values of the query parameters; the rest stays.</summary>
    UrlSecrets,
}

/// <summary>What the rows of an export's file become.</summary>
public enum ExportForm
{
    /// <summary>Rows with the file's own columns.</summary>
    Table,

    /// <summary>The records of the people search: identifiers only.</summary>
    Identifiers,

    /// <summary>The records of the attributes endpoint: identifiers and an object of attributes.</summary>
    Attributes,
}
