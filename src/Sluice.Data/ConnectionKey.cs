using System.Globalization;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Settings;
using Sluice.Writes.Import;

namespace Sluice.Data;

/// <summary>A key of connection strings, described once.</summary>
/// <param name="Name">Its name; blanks, underscores and case make no difference.</param>
/// <param name="Default">Its value where it is not given.</param>
/// <param name="Read">Gives the value of a text; null when the text is none.</param>
/// <param name="Takes">What values it takes, in words.</param>
internal sealed record ConnectionKey(string Name, object? Default, Func<string, object?> Read, string Takes)
{
    public static readonly ConnectionKey Address = Text("Address") with { IsSecret = true };
    public static readonly ConnectionKey ApiKey = Text("ApiKey") with { Parameter = "api_key", IsSecret = true };
    public static readonly ConnectionKey KeyEnv = Text("KeyEnv");
    public static readonly ConnectionKey Region = Text("Region") with { Parameter = "region" };
    public static readonly ConnectionKey SiteId = Text("SiteId") with { Parameter = "site_id" };
    public static readonly ConnectionKey TrackKey = Text("TrackKey") with { Parameter = "track_api_key", IsSecret = true };
    public static readonly ConnectionKey BaseUrl = Text("BaseUrl") with { Parameter = "base_url" };
    public static readonly ConnectionKey TrackBaseUrl = Text("TrackBaseUrl") with { Parameter = "track_base_url" };
    public static readonly ConnectionKey AllowHttp = Switch("AllowHttp") with { Parameter = "allow_http" };
    public static readonly ConnectionKey Rate = Text("Rate") with { Parameter = "rate" };
    public static readonly ConnectionKey Workspace = Text("Workspace");
    public static readonly ConnectionKey File = Text("File");
    public static readonly ConnectionKey CacheTtl = new(
        "CacheTtl", TimeSpan.FromMinutes(5), Duration, "seconds, or a length of time such as 90m or 12h; 0 keeps nothing");

    public static readonly ConnectionKey Fresh = Switch("Fresh");
    public static readonly ConnectionKey WorkFolder = Text("WorkFolder");
    public static readonly ConnectionKey MaxRequests = Whole("MaxRequests", 1000, least: 1);
    public static readonly ConnectionKey MaxWrites = Whole("MaxWrites", 100, least: 0);
    public static readonly ConnectionKey ContinueAfterRefusal = Switch("ContinueAfterRefusal");
    public static readonly ConnectionKey Verify = new("Verify", VerifyMode.Sample, Mode, "sample, all or none");
    public static readonly ConnectionKey VerifyWait = new(
        "VerifyWait", TimeSpan.FromMinutes(1), Duration, "seconds, or a length of time such as 90s or 5m");

    public static readonly ConnectionKey ReadOnly = Switch("ReadOnly");
    public static readonly ConnectionKey Timeout = Whole("Timeout", 0, least: 0);
    public static readonly ConnectionKey PersistSecurityInfo = Switch("Persist Security Info");

    /// <summary>All of them, those that say which workspace first.</summary>
    public static IReadOnlyList<ConnectionKey> All { get; } =
    [
        Address, ApiKey, KeyEnv, Region, SiteId, TrackKey, BaseUrl, TrackBaseUrl, AllowHttp, Rate, Workspace, File,
        CacheTtl, Fresh, WorkFolder, MaxRequests, MaxWrites, ContinueAfterRefusal, Verify, VerifyWait, ReadOnly, Timeout, PersistSecurityInfo,
    ];

    /// <summary>Whether its value is nobody else's business.</summary>
    public bool IsSecret { get; init; }

    /// <summary>What it is in a source address; null when it is nothing there.</summary>
    public string? Parameter { get; init; }

    /// <summary>The key of a name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static ConnectionKey Of(string keyword)
    {
        ArgumentNullException.ThrowIfNull(keyword);
        return Find(keyword) ?? throw new ArgumentException(
            $"A connection string has no key '{keyword}'. "
                + (Suggestion.For(keyword, All.Select(key => key.Name)) ?? $"There are {string.Join(", ", All.Select(key => key.Name))}."),
            nameof(keyword));
    }

    /// <summary>The key of a name, or null.</summary>
    public static ConnectionKey? Find(string keyword) =>
        All.FirstOrDefault(key => string.Equals(Plain(key.Name), Plain(keyword), StringComparison.OrdinalIgnoreCase));

    /// <summary>The value of a text.</summary>
    /// <exception cref="ArgumentException">The text is none.</exception>
    public object ValueOf(string text) =>
        Read(text) ?? throw new ArgumentException($"{Name} can't be '{(IsSecret ? "***" : text)}'. It takes {Takes}.");

    private static string Plain(string name) =>
        name.Replace(" ", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal);

    private static ConnectionKey Text(string name) => new(name, null, text => text, "text");

    private static ConnectionKey Switch(string name) => new(name, false, Flag, "true or false");

    private static ConnectionKey Whole(string name, int standard, int least) => new(
        name,
        standard,
        text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least ? number : null,
        string.Create(CultureInfo.InvariantCulture, $"a whole number from {least}"));

    private static object? Flag(string text) => text.ToUpperInvariant() switch
    {
        "TRUE" or "YES" => true,
        "FALSE" or "NO" => false,
        _ => null,
    };

    private static object? Mode(string text) =>
        Enum.GetValues<VerifyMode>().Cast<VerifyMode?>().FirstOrDefault(mode => text.Equals(mode.ToString(), StringComparison.OrdinalIgnoreCase));

    // Seconds, what a person writes, or what a TimeSpan is as text.
    private static object? Duration(string text) =>
        TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out var span) && text.Contains(':', StringComparison.Ordinal) ? span
        : DurationText.Read(CacheTtl.Name, text.All(char.IsAsciiDigit) ? $"{text}s" : text, new ValidationErrors());
}
