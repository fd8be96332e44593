namespace Sluice.CustomerIo;

/// <summary>How to reach one Customer.io workspace; the client's constructor reports all mistakes in it at once.</summary>
public sealed record CustomerIoOptions
{
    /// <summary>The App API key (a bearer token that belongs to one workspace).</summary>
    public required string AppApiKey { get; init; }

    /// <summary>The Track API's site id; only needed for Track requests, and then together with <see cref="TrackApiKey"/>.</summary>
    public string? SiteId { get; init; }

    /// <summary>The Track API's key; only needed for Track requests.</summary>
    public string? TrackApiKey { get; init; }

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

    /// <summary>Seed of the random part of the waits between attempts.</summary>
    public int Seed { get; init; }

    /// <summary>HTTP version 1.1 (the default, with keep-alive) or 2.0 (negotiated over TLS; 1.1 if the server declines).</summary>
    public Version? HttpVersion { get; init; }

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
