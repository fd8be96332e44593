namespace Sluice.CustomerIo;

/// <summary>How to reach one Customer.io workspace; the client's constructor reports all mistakes in it at once.</summary>
public sealed record CustomerIoOptions
{
    /// <summary>The App API key (a bearer token that belongs to one workspace); "" when only the Track API is asked.</summary>
    public required string AppApiKey { get; init; }

    /// <summary>The Track API's site id; only needed for Track requests, and then together with <see cref="TrackApiKey"/>.</summary>
    public string? SiteId { get; init; }

    /// <summary>The Track API's key; only needed for Track requests.</summary>
    public string? TrackApiKey { get; init; }

    /// <summary>The key that reporting webhooks of the workspace are signed with; only needed by what receives them.</summary>
    public string? WebhookSigningKey { get; init; }

    /// <summary>The account's datacenter.</summary>
    public CustomerIoRegion Region { get; init; } = CustomerIoRegion.Us;

    /// <summary>Replaces the App API's address (http or https; a path in it is kept as a prefix).</summary>
    public Uri? BaseUrl { get; init; }

    /// <summary>Replaces the Track API's address (http or https; a path in it is kept as a prefix).</summary>
    public Uri? TrackBaseUrl { get; init; }

    /// <summary>Requests a second to the App API, above 0 and at most 10,000; the workspace's limit is 10 (Customer.io App API reference).</summary>
    public double RequestsPerSecond { get; init; } = 10;

    /// <summary>Requests a second to the Track API, above 0 and at most 10,000; 100 is its fair use (Customer.io Track API reference).</summary>
    public double TrackRequestsPerSecond { get; init; } = 100;

    /// <summary>Time for one attempt, headers and whole body, above 0 and at most one hour.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Attempts for one request, 1 to 100; answers of 429 do not count, they are bounded by <see cref="MaxRetryTime"/>.</summary>
    public int MaxAttempts { get; init; } = 8;

    /// <summary>Time from the first failure of a request after which it is not tried again, 0 to 24 hours.</summary>
    public TimeSpan MaxRetryTime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Connections that may be open at the same time, at least 1; requests beyond that wait for one.</summary>
    public int MaxConnections { get; init; } = int.MaxValue;

    /// <summary>Seed of the random part of the waits between attempts.</summary>
    public int Seed { get; init; }

    /// <summary>HTTP version 1.1 (the default, with keep-alive) or 2.0 (negotiated over TLS; 1.1 if the server declines).</summary>
    public Version? HttpVersion { get; init; }

    // The addresses of the two datacenters, by Customer.io's App and Track API reference.
    internal Uri AddressOf(ApiTarget target) => target switch
    {
        ApiTarget.Track => TrackBaseUrl
            ?? new Uri(Region == CustomerIoRegion.Eu ? "https://track-eu.customer.io" : "https://track.customer.io"),
        _ => BaseUrl ?? new Uri(Region == CustomerIoRegion.Eu ? "https://api-eu.customer.io" : "https://api.customer.io"),
    };

    /// <summary>Names the region and the addresses, never a key.</summary>
    public override string ToString() => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"Customer.io region={Region}, app={BaseUrl?.Host ?? "default"}, track={TrackBaseUrl?.Host ?? "default"}, {RequestsPerSecond} requests/s");
}

/// <summary>The datacenter a Customer.io account lives in; a key of one region is refused by the other (Customer.io App API reference).</summary>
public enum CustomerIoRegion
{
    /// <summary>United States: api.customer.io and track.customer.io.</summary>
    Us,

    /// <summary>European Union: api-eu.customer.io and track-eu.customer.io.</summary>
    Eu,
}

/// <summary>Finds every mistake in the options, so that they can be corrected in one go; values of keys are never shown.</summary>
internal static class OptionsCheck
{
    private const double HighestRate = 10_000;
    private const int MostAttempts = 100;

    /// <exception cref="ArgumentException">Names all mistakes, one a line.</exception>
    public static void ThrowIfWrong(CustomerIoOptions options)
    {
        string[] mistakes = [.. Keys(options), .. Addresses(options), .. Numbers(options), .. Times(options)];
        if (mistakes.Length > 0)
        {
            throw new ArgumentException(string.Join(Environment.NewLine, mistakes), nameof(options));
        }
    }

    private static IEnumerable<string> Keys(CustomerIoOptions options)
    {
        // With the Track API's keys alone, requests to the App API say that its key is missing.
        if (string.IsNullOrEmpty(options.AppApiKey))
        {
            if (string.IsNullOrEmpty(options.TrackApiKey))
            {
                yield return "AppApiKey is missing: create one under Account Settings > API Credentials > App API Keys.";
            }
        }
        else if (!IsToken(options.AppApiKey))
        {
            yield return "AppApiKey holds blanks or characters that no key has: was a quote or a line break copied with it?";
        }

        if (string.IsNullOrEmpty(options.SiteId) != string.IsNullOrEmpty(options.TrackApiKey))
        {
            yield return "SiteId and TrackApiKey belong together: give both or none.";
        }

        if (
            (options.SiteId is { } site && (!IsToken(site) || site.Contains(':', StringComparison.Ordinal)))
            || (options.TrackApiKey is { } key && !IsToken(key)))
        {
            yield return "SiteId or TrackApiKey holds blanks, colons or characters that no key has.";
        }
    }

    private static IEnumerable<string> Addresses(CustomerIoOptions options)
    {
        (string Name, Uri? Value)[] addresses = [(nameof(options.BaseUrl), options.BaseUrl), (nameof(options.TrackBaseUrl), options.TrackBaseUrl)];
        return addresses
            .Where(address => address.Value is not null && !IsAddress(address.Value))
            .Select(address => $"{address.Name} must be an absolute http or https address without user name, query and fragment.");
    }

    private static IEnumerable<string> Numbers(CustomerIoOptions options)
    {
        if (!Enum.IsDefined(options.Region))
        {
            yield return "Region must be us or eu.";
        }

        if (options.RequestsPerSecond is not (> 0 and <= HighestRate) || options.TrackRequestsPerSecond is not (> 0 and <= HighestRate))
        {
            yield return "RequestsPerSecond and TrackRequestsPerSecond must be above 0 and at most 10,000.";
        }

        if (options.MaxAttempts is < 1 or > MostAttempts)
        {
            yield return "MaxAttempts must be 1 to 100.";
        }

        if (options.HttpVersion is { } version && version != System.Net.HttpVersion.Version11 && version != System.Net.HttpVersion.Version20)
        {
            yield return "HttpVersion must be 1.1 or 2.0.";
        }
    }

    private static IEnumerable<string> Times(CustomerIoOptions options)
    {
        if (options.AttemptTimeout <= TimeSpan.Zero || options.AttemptTimeout > TimeSpan.FromHours(1))
        {
            yield return "AttemptTimeout must be above 0 and at most one hour.";
        }

        if (options.MaxRetryTime < TimeSpan.Zero || options.MaxRetryTime > TimeSpan.FromHours(24))
        {
            yield return "MaxRetryTime must be 0 to 24 hours.";
        }
    }

    private static bool IsToken(string key) => key.All(letter => letter is > ' ' and < '\x7f');

    private static bool IsAddress(Uri address) =>
        address.IsAbsoluteUri
        && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp)
        && address.UserInfo.Length + address.Query.Length + address.Fragment.Length == 0;
}
