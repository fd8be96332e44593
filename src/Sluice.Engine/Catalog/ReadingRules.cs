namespace Sluice.Engine.Catalog;

/// <summary>How all records of a resource are read.</summary>
public enum ReadingKind
{
    /// <summary>One partition: the pages of a list.</summary>
    List,

    /// <summary>One partition for each time window, read concurrently.</summary>
    Windows,

    /// <summary>One partition for every row of the parent, in time windows if the resource has a window rule.</summary>
    PerParent,

    /// <summary>Series: arrays by metric, oldest step first, each step of which becomes a row; read per parent if there is one.</summary>
    Metrics,

    /// <summary>A search that finds everybody and returns identifiers.</summary>
    People,

    /// <summary>Batches of people found by the search, looked up by cio_id.</summary>
    Hydrate,

    /// <summary>A search for each object type, as two complementary filters, because the API requires one.</summary>
    Objects,

    /// <summary>One partition for every person.</summary>
    PerPerson,

    /// <summary>Exports: files that Customer.io creates on request, downloaded from a link.</summary>
    Export,
}

/// <summary>How a resource is read for the rows of another one.</summary>
public sealed record ParentBinding
{
    /// <summary>The name of the parent resource.</summary>
    public required string Resource { get; init; }

    /// <summary>The parent's column for each parameter of the path, or of the body where the body holds the parameter.</summary>
    public IReadOnlyDictionary<string, string> Route { get; init; } = new Dictionary<string, string>();

    /// <summary>The parent's column for each column of this table that is filled from the parent's row instead of the record.</summary>
    public IReadOnlyDictionary<string, string> Columns { get; init; } = new Dictionary<string, string>();
}

/// <summary>One of several consecutive requests whose records are merged by primary key.</summary>
public sealed record RequestVariant
{
    /// <summary>Query parameters that this variant adds to those of the resource.</summary>
    public IReadOnlyDictionary<string, string> Query { get; init; } = new Dictionary<string, string>();

    /// <summary>Parameters of the path that this variant fills.</summary>
    public IReadOnlyDictionary<string, string> Route { get; init; } = new Dictionary<string, string>();

    /// <summary>Columns for request parameters that the records do not contain, with their value in every row of this variant.</summary>
    public IReadOnlyDictionary<string, string> Columns { get; init; } = new Dictionary<string, string>();

    /// <summary>The body as JSON text with <c>{parameter}</c> where a route parameter goes, or null for the resource's own.</summary>
    public string? Body { get; init; }
}

/// <summary>The time window that each request must have, because the API silently truncates longer or open ones.</summary>
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

    /// <summary>The parent's column with the time before which there are no records, or null if there is no such bound.</summary>
    public string? NotBefore { get; init; }
}

/// <summary>How many parents a request can read at once, as an array in its body.</summary>
/// <param name="Key">
/// The array's key in the body, which holds nothing else; it is also the parameter's name in <see cref="ParentBinding.Route"/>.
/// </param>
/// <param name="MaxItems">The most entries that one request may hold.</param>
public sealed record BatchRule(string Key, int MaxItems);

/// <summary>Where Customer.io says how many records a parent has, so that an incomplete list is noticed.</summary>
public sealed record CountRule
{
    /// <summary>
    /// The path of an endpoint with the count, with the parameters of the resource's own path; null if a column of the parent has it.
    /// </summary>
    public string? Path { get; init; }

    /// <summary>The key of the count in that endpoint's response.</summary>
    public string Key { get; init; } = "count";

    /// <summary>The parent's column with the count, or null.</summary>
    public string? Column { get; init; }
}

/// <summary>A possible parent of an export of deliveries.</summary>
/// <param name="Option">The option that names it, which is also its key in the request's body.</param>
/// <param name="Binding">The list that has all of them, with the columns that are filled from it.</param>
/// <param name="NotBefore">The list's column with the time before which there are no deliveries.</param>
public sealed record ExportParent(string Option, ParentBinding Binding, string NotBefore);

/// <summary>How the next page of a list is requested.</summary>
public enum PagingStyle
{
    /// <summary>With <c>start</c>, set to the <c>next</c> of the previous page.</summary>
    Cursor,

    /// <summary>With <c>offset</c>, the records so far: responses have no cursor, and only an empty page marks the end.</summary>
    Offset,
}

/// <summary>Who filters the records of an incremental read.</summary>
public enum CursorFilter
{
    /// <summary>Nobody: every read returns everything.</summary>
    None,

    /// <summary>Sluice: the API has no filter, so all pages are read and rows from the bound on (inclusive) are kept.</summary>
    Client,

    /// <summary>Customer.io: the request has the start and end of a time window.</summary>
    Server,
}
