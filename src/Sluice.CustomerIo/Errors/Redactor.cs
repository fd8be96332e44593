using System.Text;
using System.Text.RegularExpressions;

namespace Sluice.CustomerIo.Errors;

/// <summary>Takes the workspace's keys, and what looks like credentials of others, out of text that goes into errors and logs.</summary>
internal sealed partial class Redactor
{
    private const int MostCharacters = 500;
    private const int ShortestKey = 4;
    private const string Mask = "[redacted]";

    private readonly string[] _secrets;

    public Redactor(CustomerIoOptions options)
    {
        string pair = $"{options.SiteId}:{options.TrackApiKey}";
        string?[] candidates =
        [
            Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)), options.AppApiKey, options.TrackApiKey, options.SiteId, options.WebhookSigningKey,
        ];
        _secrets = [.. candidates.OfType<string>().Where(secret => secret.Length >= ShortestKey).OrderByDescending(secret => secret.Length)];
    }

    /// <summary>The text in one line, without secrets, and only then cut, so that no half of a key is left.</summary>
    public string Clean(string text)
    {
        text = UserInfo().Replace(WithoutKeys(text), $"://{Mask}@");
        return Cut(Authorization().Replace(text, $"${{scheme}} {Mask}"));
    }

    /// <summary>The text without the workspace's own keys, and otherwise as it is.</summary>
    public string WithoutKeys(string text)
    {
        foreach (string secret in _secrets)
        {
            text = text.Replace(secret, Mask, StringComparison.OrdinalIgnoreCase);
            text = text.Replace(Uri.EscapeDataString(secret), Mask, StringComparison.OrdinalIgnoreCase);
        }

        return text;
    }

    public static string Cut(string text)
    {
        string line = Blanks().Replace(text, " ").Trim();
        return line.Length <= MostCharacters ? line : string.Concat(line.AsSpan(0, MostCharacters - 1), "…");
    }

    [GeneratedRegex(@"[\s\p{Cc}]+", RegexOptions.NonBacktracking)]
    private static partial Regex Blanks();

    [GeneratedRegex(@"\b(?<scheme>Bearer|Basic) [A-Za-z0-9+/=._~-]{8,}", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Authorization();

    [GeneratedRegex(@"://[^/\s@]+@", RegexOptions.NonBacktracking)]
    private static partial Regex UserInfo();
}
