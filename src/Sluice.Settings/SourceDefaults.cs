namespace Sluice.Settings;

/// <summary>What stands in for parameters that a source address does not name, usually from the environment.</summary>
public sealed record SourceDefaults
{
    /// <summary>The App API key.</summary>
    public string? ApiKey { get; init; }

    /// <summary>The region, us or eu.</summary>
    public string? Region { get; init; }

    /// <summary>Another address of the App API.</summary>
    public string? BaseUrl { get; init; }

    /// <summary>Another address of the Track API.</summary>
    public string? TrackBaseUrl { get; init; }

    /// <summary>The Track API's site id.</summary>
    public string? SiteId { get; init; }

    /// <summary>The Track API's key.</summary>
    public string? TrackApiKey { get; init; }

    /// <summary>Names the region and the addresses, never a key.</summary>
    public override string ToString() => $"region={Region}, app={BaseUrl}, track={TrackBaseUrl}";
}
