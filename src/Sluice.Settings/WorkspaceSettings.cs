using Sluice.CustomerIo;
using Sluice.Engine;
using Sluice.Settings.Pipelines.Shapes;

namespace Sluice.Settings;

/// <summary>
/// Every setting of a workspace, once: a key of the pipeline file, a parameter of a source address, and the variable that stands in for the latter.
/// </summary>
public static class WorkspaceSettings
{
    internal static readonly SettingKey ApiKey = new("app_api_key", "api_key");
    internal static readonly SettingKey SiteId = "site_id";
    internal static readonly SettingKey TrackApiKey = "track_api_key";
    internal static readonly SettingKey BaseUrl = "base_url";
    internal static readonly SettingKey TrackBaseUrl = "track_base_url";
    internal static readonly SettingKey AllowHttp = "allow_http";
    internal static readonly SettingKey WebhookSigningKey = "webhook_signing_key";

    /// <summary>All of them.</summary>
    internal static IReadOnlyList<Setting<CustomerIoOptions>> All { get; } =
    [
        new(ApiKey, Token("App API key", (options, key) => options with { AppApiKey = key }))
        {
            IsRequired = true,
            IsSecret = true,
            Variable = "CUSTOMERIO_APP_API_KEY",
            Doc = "The App API key of the workspace, by the name of the variable that holds it.",
            Example = "app_api_key: ${CUSTOMERIO_APP_API_KEY}",
        },
        new("region", Takes.Text<CustomerIoOptions>(Region))
        {
            Shape = new WordShape(["us", "eu"]),
            Variable = "CUSTOMERIO_REGION",
            Doc = "Where the account lives: us, the default, or eu.",
            Example = "region: eu",
        },
        new(SiteId, Token("site id", (options, id) => options with { SiteId = id }))
        {
            Variable = "CUSTOMERIO_SITE_ID",
            Doc = "The site id of the Track API, if it is asked, too.",
            Example = "site_id: ${CUSTOMERIO_SITE_ID}",
        },
        new(TrackApiKey, Token("Track API key", (options, key) => options with { TrackApiKey = key }))
        {
            IsSecret = true,
            Variable = "CUSTOMERIO_TRACK_API_KEY",
            Doc = "The key of the Track API, with site_id.",
            Example = "track_api_key: ${CUSTOMERIO_TRACK_API_KEY}",
        },
        new(BaseUrl, Address((options, address) => options with { BaseUrl = address }))
        {
            Variable = "CUSTOMERIO_BASE_URL",
            Doc = "Another address of the App API, such as that of 'sluice simulate'.",
            Example = "base_url: http://127.0.0.1:8181",
        },
        new(TrackBaseUrl, Address((options, address) => options with { TrackBaseUrl = address }))
        {
            Variable = "CUSTOMERIO_TRACK_BASE_URL",
            Doc = "Another address of the Track API.",
            Example = "track_base_url: http://127.0.0.1:8181",
        },
        new(AllowHttp, Takes.Nothing<CustomerIoOptions>(new SwitchShape()))
        {
            Doc = "Lets base_url and track_base_url begin with http:// for other machines than this one: key and data are readable on the way.",
            Example = "allow_http: true",
        },
        new(WebhookSigningKey, Token("signing key", (options, key) => options with { WebhookSigningKey = key }))
        {
            IsSecret = true,
            Variable = "CUSTOMERIO_WEBHOOK_SIGNING_KEY",
            Doc = "The signing key of the workspace's reporting webhooks, which 'sluice serve' takes at /hooks/WORKSPACE; " +
                "only Customer.io's UI shows it.",
            Example = "webhook_signing_key: ${CUSTOMERIO_WEBHOOK_SIGNING_KEY}",
        },
        new("rate", Takes.Text<CustomerIoOptions>(Rate))
        {
            Shape = RateShape,
            Doc = "Requests a second for this workspace, 10 by default, which is all that Customer.io allows: less if other programs share it.",
            Example = "rate: 5",
        },
    ];

    /// <summary>The keys of a workspace that can be left out, with the variables that hold their values elsewhere.</summary>
    public static IEnumerable<(string Key, string Variable)> Optional =>
        All.Where(setting => setting is { IsRequired: false, Variable: not null }).Select(setting => (setting.Name, setting.Variable!));

    private static NumberShape RateShape => new(0.001, 10_000, isWhole: false);

    // A value that is none is not shown, because it may be most of a key.
    private static Reading<CustomerIoOptions> Token(string name, Func<CustomerIoOptions, string, CustomerIoOptions> set) =>
        Takes.Text<CustomerIoOptions>((options, said) =>
        {
            if (!said.Words[^1].All(letter => letter is > ' ' and < '\x7f'))
            {
                said.Refuse($"The {name} ({said.Key}) holds blanks or characters that no key has.", "Was a quote or a line break copied with it?");
            }

            return set(options, said.Words[^1]);
        });

    private static CustomerIoOptions Region(CustomerIoOptions options, Said said)
    {
        switch (said.Text?.ToLowerInvariant())
        {
            case null or "us":
                return options with { Region = CustomerIoRegion.Us };
            case "eu":
                return options with { Region = CustomerIoRegion.Eu };
            default:
                said.Refuse(
                    $"There is no region '{said.Text}'.",
                    "It is us or eu, in CUSTOMERIO_REGION, sluice.yaml or the address of the source; Account Settings > Privacy shows which.");
                return options;
        }
    }

    private static Reading<CustomerIoOptions> Address(Func<CustomerIoOptions, Uri, CustomerIoOptions> set) =>
        Takes.Text<CustomerIoOptions>((options, said) =>
        {
            if (Uri.TryCreate(said.Words[^1], UriKind.Absolute, out var address)
                && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
                && address.UserInfo.Length + address.Query.Length + address.Fragment.Length == 0)
            {
                return set(options, address);
            }

            // What stands before a host or behind a question mark may be a password or a key.
            var shown = said.Words[^1].Split('?')[0].Split('@')[^1];
            said.Refuse($"{said.Key} is no http address: '{shown}'.", "Write it as https://host or http://127.0.0.1:8080, without a query.");
            return options;
        });

    private static CustomerIoOptions Rate(CustomerIoOptions options, Said said)
    {
        if (said.Text is { } text && RateShape.Read(text) is { } rate)
        {
            return options with { RequestsPerSecond = rate };
        }

        said.Refuse(
            $"{said.Key} is no number of requests a second: '{said.Text}'.",
            $"Customer.io allows 10 for a workspace; write less if others use it too, as {said.Key}=5.");
        return options;
    }
}
