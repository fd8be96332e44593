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
