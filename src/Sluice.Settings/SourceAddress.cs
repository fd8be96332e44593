using System.Security.Cryptography;
using System.Text;
using Sluice.CustomerIo;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Settings.Pipelines.Shapes;

namespace Sluice.Settings;

/// <summary>Which Customer.io workspace is read, and with what.</summary>
public sealed record SourceAddress
{
    private const string Scheme = "customerio://";
    private const string Example = "for example customerio://?api_key=YOUR_KEY&region=us";

    private SourceAddress(CustomerIoOptions client) => Client = client;

    /// <summary>The client's options.</summary>
    public CustomerIoOptions Client { get; }

    /// <summary>Whether the Track API can be asked too.</summary>
    public bool HasTrack => Client.SiteId is not null;

    /// <summary>Whether the App API can be asked.</summary>
    public bool HasApp => Client.AppApiKey.Length > 0;

    /// <summary>Reads an address and the variables that stand in for its missing parameters, and notes everything that is wrong.</summary>
    /// <param name="uri">The address.</param>
    /// <param name="variables">Gives the value of a variable, or null.</param>
    /// <param name="mistakes">Takes what is wrong.</param>
    /// <param name="origins">Where variables come from; null where there is no file for them.</param>
    /// <param name="uriVariable">The variable that holds the address; null when it is an argument.</param>
    /// <param name="needsApp">Whether nothing can be done without the App API.</param>
    /// <returns>The address, or null when something is wrong.</returns>
    public static SourceAddress? Read(
        string uri,
        Func<string, string?> variables,
        ValidationErrors mistakes,
        KeyOrigins? origins = null,
        string? uriVariable = null,
        bool needsApp = true)
    {
        var own = new ValidationErrors();
        var words = Parameters(uri, own);
        var ofUri = WorkspaceSettings.All.Where(setting => words.Has(setting.Key)).ToHashSet<Setting>();
        foreach (var setting in WorkspaceSettings.All.Where(setting => !words.Has(setting.Key)))
        {
            if (setting.Variable is { } name && variables(name) is { Length: > 0 } value)
            {
                words.Say(setting.Key, value);
            }
        }

        if (!own.Any && needsApp && !words.Has(WorkspaceSettings.ApiKey))
        {
            own.Add(
                WorkspaceSettings.ApiKey,
                "There is no App API key.",
                "Set CUSTOMERIO_APP_API_KEY in the environment or in a file .env here, or write --source-uri " +
                    "'customerio://?api_key=YOUR_KEY&region=us'. Keys are made under Account Settings > API Credentials > App API Keys.");
        }

        KeyOrigins.Check(words, key => OriginOf(key, ofUri, origins ?? KeyOrigins.WithoutFile, uriVariable), own);
        own.MoveTo(mistakes);
        var source = Read(words, mistakes);
        return own.Any ? null : source;
    }

    /// <summary>Reads what was said of a workspace, and notes everything that is wrong.</summary>
    /// <returns>The workspace, or null when something is wrong.</returns>
    internal static SourceAddress? Read(SettingWords words, ValidationErrors mistakes)
    {
        var own = new ValidationErrors();
        var options = WorkspaceSettings.All.Aggregate(
            new CustomerIoOptions { AppApiKey = "" }, (options, setting) => setting.ApplyTo(options, words, own));
        if (options.SiteId is null != options.TrackApiKey is null)
        {
            own.Add(
                options.SiteId is null ? WorkspaceSettings.TrackApiKey : WorkspaceSettings.SiteId,
                "The Track API needs both site_id and track_api_key: one is missing.",
                "Give both, or none if only the App API is read.");
        }

        if (!SwitchShape.IsOn(words.Of(WorkspaceSettings.AllowHttp) is [.., var last] ? last : ""))
        {
            RefuseHttp(WorkspaceSettings.BaseUrl, options.BaseUrl, own);
            RefuseHttp(WorkspaceSettings.TrackBaseUrl, options.TrackBaseUrl, own);
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

    /// <summary>The folder for rows that queries have fetched from this workspace.</summary>
    /// <param name="workFolder">The folder for everything that is kept.</param>
    public string QueryCacheIn(string workFolder) => Path.Combine(workFolder, "query-cache", PairWith("query"));

    // Who types an address may send any key there; a key that is typed is as good as one of the environment.
    private static Origin OriginOf(SettingKey key, IReadOnlySet<Setting> ofUri, KeyOrigins origins, string? uriVariable)
    {
        var setting = WorkspaceSettings.All.First(setting => setting.Key == key);
        return !ofUri.Contains(setting) ? origins.Of(setting.Variable!)
            : uriVariable is not null ? origins.Of(uriVariable)
            : new Origin("the source address", IsOfFile: false, IsOfEnvironment: setting.IsSecret);
    }

    private static void RefuseHttp(SettingKey key, Uri? address, ValidationErrors mistakes)
    {
        if (address is { IsLoopback: false } && address.Scheme == Uri.UriSchemeHttp)
        {
            mistakes.Add(
                key,
                $"{key} would send the key to {address.Authority} by http, where everybody on the way can read it.",
                $"Write https://, or allow it with {WorkspaceSettings.AllowHttp}=true in the source address (allow_http: true in a pipeline file).");
        }
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    // What is wrong is noted without values, because one of them may be a key.
    private static SettingWords Parameters(string uri, ValidationErrors mistakes)
    {
        var words = new SettingWords();
        var said = new HashSet<string>(StringComparer.Ordinal);
        foreach (var pair in Query(uri, mistakes).Split('&', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var (name, value) = pair.Split('=', 2) is [var one, var other] ? (one, Uri.UnescapeDataString(other)) : (pair, "");
            if (WorkspaceSettings.All.FirstOrDefault(setting => setting.Key.OnCommandLine == name) is not { } setting)
            {
                var names = WorkspaceSettings.All.Select(one => one.Key.OnCommandLine).ToList();
                mistakes.Add(
                    $"The source address has a parameter '{name}' that does not exist.",
                    Suggestion.For(name, names) ?? $"There are {string.Join(", ", names)}.");
            }
            else if (!said.Add(name))
            {
                mistakes.Add($"The source address names {name} twice.");
            }
            else if (value.Length > 0)
            {
                words.Say(setting.Key, value);
            }
        }

        return words;
    }

    private static string Query(string uri, ValidationErrors mistakes)
    {
        if (!uri.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            var end = uri.IndexOf("://", StringComparison.Ordinal);
            var what = end > 0 && end < 20 ? $"'{uri[..end]}://' is no source" : "The source address has no scheme";
            mistakes.Add($"{what}: Sluice reads customerio://.", $"Write it as {Example}");
            return "";
        }

        var rest = uri[Scheme.Length..];
        var mark = rest.IndexOf('?', StringComparison.Ordinal);
        var place = (mark < 0 ? rest : rest[..mark]).Trim('/');
        if (place.Length > 0)
        {
            mistakes.Add("The source address has text between '://' and '?'.", $"Parameters follow a question mark, {Example}");
        }

        // A browser turns the "&reg" of "&region" into this sign when a command is copied from a page.
        if (rest.Contains('®', StringComparison.Ordinal))
        {
            mistakes.Add(
                "The source address holds '®' where '&reg' was meant.", "Write &region= by hand: the page it was copied from has changed it.");
            return "";
        }

        return mark < 0 ? "" : rest[(mark + 1)..];
    }
}
