using Sluice.CustomerIo.Http;

namespace Sluice.CustomerIo.Failures;

/// <summary>Recognises an account that lives in the other datacenter: a redirect there, or words that say so.</summary>
internal static class Regions
{
    public static bool IsWrong(HttpResponseMessage response, string? detail, Uri asked)
    {
        int status = (int)response.StatusCode;
        bool says = detail is not null
            && (detail.Contains("wrong datacenter", StringComparison.OrdinalIgnoreCase) || detail.Contains("wrong data center", StringComparison.OrdinalIgnoreCase));
        return status switch
        {
            >= 300 and < 400 => says || Hosts.IsOtherDatacenter(response.Headers.Location, asked),
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
}
