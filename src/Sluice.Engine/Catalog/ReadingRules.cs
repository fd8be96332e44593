namespace Sluice.Engine.Catalog;

/// <summary>The way in which all records of a resource are read.</summary>
public enum ReadingKind
{
    /// <summary>One walk over the pages of a list.</summary>
    List,

    /// <summary>Windows of time, each with its own walk, side by side.</summary>
    Windows,

    /// <summary>One walk for every row of the parent, in windows of time if the resource has a window rule.</summary>
    PerParent,

    /// <summary>Series: arrays by metric, oldest step first, of which every step becomes a row; asked for per parent if there is one.</summary>
    Metrics,

    /// <summary>A search that finds everybody and gives identifiers.</summary>
    People,

    /// <summary>Batches of people that the search found, asked for by their cio_id.</summary>
    Hydrate,

    /// <summary>A search for each object type, in two halves that together have no condition.</summary>
    Objects,

    /// <summary>One walk for every person.</summary>
    PerPerson,

    /// <summary>Exports: files that Customer.io makes on request and that are fetched by a link.</summary>
    Export,
}

/// <summary>How a resource is reached from the rows of another one.</summary>
public sealed record ParentBinding
{
    /// <summary>The name of the parent resource.</summary>
    public required string Resource { get; init; }

    /// <summary>The parent's column for each parameter of the path, or of the body where the body holds the parameter.</summary>
    public IReadOnlyDictionary<string, string> Route { get; init; } = new Dictionary<string, string>();

    /// <summary>The parent's column for each column of this table that is filled from the parent's row instead of the record.</summary>
    public IReadOnlyDictionary<string, string> Columns { get; init; } = new Dictionary<string, string>();
}

/// <summary>One of several requests that are made one after another and whose records are merged by primary key.</summary>
public sealed record RequestVariant
{
    /// <summary>Query parameters that this variant adds to those of the resource.</summary>
    public IReadOnlyDictionary<string, string> Query { get; init; } = new Dictionary<string, string>();

    /// <summary>Parameters of the path that this variant fills.</summary>
    public IReadOnlyDictionary<string, string> Route { get; init; } = new Dictionary<string, string>();

    /// <summary>Columns that tell what was asked for, since the records do not: their text in every row of this variant.</summary>
    public IReadOnlyDictionary<string, string> Columns { get; init; } = new Dictionary<string, string>();

    /// <summary>The body as JSON text with <c>{parameter}</c> where a route parameter goes, or null for the resource's own.</summary>
    public string? Body { get; init; }
}

/// <summary>The window of time that a request must name, because the API cuts longer or open ones without a word.</summary>
public sealed record WindowRule
{
    /// <summary>The longest window in days: 180 for "6 months" and 360 for "12 months", since the API's month arithmetic is not documented.</summary>
    public required int MaxDays { get; init; }

    /// <summary>The column whose time is compared with the window.</summary>
    public required string Column { get; init; }

    /// <summary>The query parameter of the window's start, in unix seconds.</summary>
    public string StartParameter { get; init; } = "start_ts";

    /// <summary>The query parameter of the window's end, in unix seconds.</summary>
    public string EndParameter { get; init; } = "end_ts";

    /// <summary>The parent's column before which no record can be, or null if nothing bounds the history.</summary>
    public string? NotBefore { get; init; }
}

/// <summary>How many parents one request may ask for at once, by an array in its body.</summary>
/// <param name="Key">
/// The array's key in the body, which holds nothing else; it is also the parameter's name in <see cref="ParentBinding.Route"/>.
/// </param>
/// <param name="MaxItems">The most entries that one request may hold.</param>
public sealed record BatchRule(string Key, int MaxItems);

/// <summary>Where Customer.io says how many records a parent has, so that a short list is noticed.</summary>
public sealed record CountRule
{
    /// <summary>The path of an endpoint that tells it, with the parameters of the resource's own path; null if a column of the parent does.</summary>
    public string? Path { get; init; }

    /// <summary>The key of the number in that endpoint's answer.</summary>
    public string Key { get; init; } = "count";

    /// <summary>The parent's column that tells it, or null.</summary>
    public string? Column { get; init; }
}

/// <summary>What an export of deliveries can be of.</summary>
/// <param name="Option">The option that names it, which is also its key in the request's body.</param>
/// <param name="Binding">The list that has all of them, with the columns that are filled from it.</param>
/// <param name="NotBefore">The list's column before which no delivery can be.</param>
public sealed record ExportParent(string Option, ParentBinding Binding, string NotBefore);

/// <summary>How the next page of a list is asked for.</summary>
public enum PagingStyle
{
    /// <summary>With <c>start</c> and the cursor that the page before it gave as <c>next</c>.</summary>
    Cursor,

    /// <summary>With <c>offset</c>, the records that came so far: the answer has no cursor, and only an empty page is known to be the end.</summary>
    Offset,
}

/// <summary>Who leaves out the records that an incremental read does not want.</summary>
public enum CursorFilter
{
    /// <summary>Nobody: every read gives everything.</summary>
    None,

    /// <summary>Sluice: the API has no filter, so that all pages are read and rows from the bound on (inclusive) are kept.</summary>
    Client,

    /// <summary>Customer.io: the request carries both ends of a window of time.</summary>
    Server,
}
