using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Sluice.CustomerIo;
using Sluice.Engine;

namespace Sluice.Settings;

/// <summary>Which Customer.io workspace is read, and with what.</summary>
public sealed record SourceAddress
{
    private SourceAddress(CustomerIoOptions client) => Client = client;

    /// <summary>The client's options.</summary>
    public CustomerIoOptions Client { get; }

    /// <summary>Whether the Track API can be asked too.</summary>
    public bool HasTrack => Client.SiteId is not null;

    /// <summary>Reads an address and what stands in for its missing parameters, and notes everything that is wrong.</summary>
    /// <returns>The address, or null when something is wrong.</returns>
    public static SourceAddress? Read(string uri, SourceDefaults defaults, ValidationErrors mistakes)
    {
        var own = new ValidationErrors();
        var given = SourceUri.Parameters(uri, own);
        string? Value(string name, string? otherwise) => given.GetValueOrDefault(name) is { Length: > 0 } value ? value : otherwise;
        var key = own.Any ? "" : Value("api_key", defaults.ApiKey);
        var options = new CustomerIoOptions
        {
            AppApiKey = Token(key, "App API key (api_key)", own) ?? NoKey(own),
            Region = Region(Value("region", defaults.Region), own),
            BaseUrl = Address("base_url", Value("base_url", defaults.BaseUrl), own),
            TrackBaseUrl = Address("track_base_url", Value("track_base_url", defaults.TrackBaseUrl), own),
            SiteId = Token(Value("site_id", defaults.SiteId), "site id (site_id)", own),
            TrackApiKey = Token(Value("track_api_key", defaults.TrackApiKey), "Track API key (track_api_key)", own),
            RequestsPerSecond = Rate(Value("rate", null), own),
        };
        if (options.SiteId is null != options.TrackApiKey is null)
        {
            own.Add("The Track API needs both site_id and track_api_key: one is missing.", "Give both, or none if only the App API is read.");
        }

        own.MoveTo(mistakes);
        return own.Any ? null : new SourceAddress(options);
    }

    /// <summary>Names the pair of this workspace and a destination: 12 hex digits that betray no key.</summary>
    /// <param name="destination">What makes the destination the same one, whatever it is called by.</param>
    public string PairWith(string destination)
    {
        var host = Client.BaseUrl?.ToString() ?? Client.Region.ToString();
        return Hash($"{host}\n{Hash(Client.AppApiKey)}\n{destination}")[..12];
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string NoKey(ValidationErrors mistakes)
    {
        if (!mistakes.Any)
        {
            mistakes.Add(
                "There is no App API key.",
                "Set CUSTOMERIO_APP_API_KEY in the environment or in a file .env here, or write --source-uri " +
                    "'customerio://?api_key=YOUR_KEY&region=us'. "
                + "Keys are made under Account Settings > API Credentials > App API Keys.");
        }

        return "";
    }

    private static string? Token(string? value, string name, ValidationErrors mistakes)
    {
        if (value is not { Length: > 0 })
        {
            return null;
        }

        if (!value.All(letter => letter is > ' ' and < '\x7f'))
        {
            mistakes.Add($"The {name} holds blanks or characters that no key has.", "Was a quote or a line break copied with it?");
        }

        return value;
    }

    private static CustomerIoRegion Region(string? text, ValidationErrors mistakes)
    {
        switch (text?.Trim().ToLowerInvariant())
        {
            case null or "us":
                return CustomerIoRegion.Us;
            case "eu":
                return CustomerIoRegion.Eu;
            default:
                mistakes.Add($"There is no region '{text}'.", "It is us or eu; Account Settings > Privacy shows the data center.");
                return CustomerIoRegion.Us;
        }
    }

    private static Uri? Address(string name, string? text, ValidationErrors mistakes)
    {
        if (text is null)
        {
            return null;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
            && address.UserInfo.Length + address.Query.Length + address.Fragment.Length == 0)
        {
            return address;
        }

        mistakes.Add($"{name} is no http address: '{Shown(text)}'.", "Write it as https://host or http://127.0.0.1:8080, without a query.");
        return null;
    }

    // What stands before a host or behind a question mark may be a password or a key.
    private static string Shown(string text) => text.Split('?')[0].Split('@')[^1];

    private static double Rate(string? text, ValidationErrors mistakes)
    {
        const double Standard = 10;
        if (text is null)
        {
            return Standard;
        }

        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var rate) && rate is > 0 and <= 10_000)
        {
            return rate;
        }

        mistakes.Add(
            $"rate is no number of requests a second: '{text}'.",
            "Customer.io allows 10 for a workspace; write less if others use it too, as rate=5.");
        return Standard;
    }
}

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
