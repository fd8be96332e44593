namespace Sluice.CustomerIo.Errors;

/// <summary>How an account of the other datacenter is recognised.</summary>
internal static class Regions
{
    /// <summary>Whether a refusal comes from the wrong datacenter: it redirects to the other one, or says so.</summary>
    public static bool IsWrong(HttpResponseMessage response, string? detail, Uri asked)
    {
        int status = (int)response.StatusCode;
        bool says =
            detail is not null
            && (
                detail.Contains("wrong datacenter", StringComparison.OrdinalIgnoreCase)
                || detail.Contains("wrong data center", StringComparison.OrdinalIgnoreCase));
        return status switch
        {
            >= 300 and < 400 => says || IsOtherDatacenter(response.Headers.Location, asked),
            >= 400 and < 500 => says,
            _ => false,
        };
    }

    public static string Hint(Uri? location, CustomerIoRegion region)
    {
        string other = region == CustomerIoRegion.Eu ? "us" : "eu";
        if (location is { IsAbsoluteUri: true } && location.Host.EndsWith(".customer.io", StringComparison.OrdinalIgnoreCase))
        {
            other = location.Host.Contains("-eu", StringComparison.OrdinalIgnoreCase) ? "eu" : "us";
        }

        return $"The account lives in the other datacenter: try region={other}.";
    }

    // A redirect's address that is a datacenter's, and not the one asked.
    private static bool IsOtherDatacenter(Uri? location, Uri asked) =>
        location is { IsAbsoluteUri: true }
        && location.Host.EndsWith(".customer.io", StringComparison.OrdinalIgnoreCase)
        && !string.Equals(location.Host, asked.Host, StringComparison.OrdinalIgnoreCase);
}
