namespace Sluice.Engine.Catalog;

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
