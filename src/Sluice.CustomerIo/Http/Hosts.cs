namespace Sluice.CustomerIo.Http;

/// <summary>The addresses of the two datacenters (Customer.io App and Track API reference).</summary>
internal static class Hosts
{
    public static Uri Of(CustomerIoOptions options, ApiTarget target) => target switch
    {
        ApiTarget.Track => options.TrackBaseUrl ?? new Uri(options.Region == CustomerIoRegion.Eu ? "https://track-eu.customer.io" : "https://track.customer.io"),
        _ => options.BaseUrl ?? new Uri(options.Region == CustomerIoRegion.Eu ? "https://api-eu.customer.io" : "https://api.customer.io"),
    };

    /// <summary>Whether a redirect's address is a datacenter's, and not the one asked.</summary>
    public static bool IsOtherDatacenter(Uri? location, Uri asked) =>
        location is { IsAbsoluteUri: true }
        && location.Host.EndsWith(".customer.io", StringComparison.OrdinalIgnoreCase)
        && !string.Equals(location.Host, asked.Host, StringComparison.OrdinalIgnoreCase);
}
