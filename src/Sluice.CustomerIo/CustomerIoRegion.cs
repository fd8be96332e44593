namespace Sluice.CustomerIo;

/// <summary>The datacenter a Customer.io account lives in; a key of one region is refused by the other (Customer.io App API reference).</summary>
public enum CustomerIoRegion
{
    /// <summary>United States: api.customer.io and track.customer.io.</summary>
    Us,

    /// <summary>European Union: api-eu.customer.io and track-eu.customer.io.</summary>
    Eu,
}
