using Sluice.Engine;
using Sluice.Engine.Catalog;

namespace Sluice.Settings;

/// <summary>Takes a source address apart: <c>customerio://?api_key=…&amp;region=us</c>.</summary>
internal static class SourceUri
{
    public const string Scheme = "customerio://";
    public const string Example = "for example customerio://?api_key=YOUR_KEY&region=us";

    private static readonly string[] Names = ["api_key", "region", "base_url", "site_id", "track_api_key", "track_base_url", "rate"];

    /// <summary>The parameters by name; what is wrong is noted without values, because one of them may be a key.</summary>
    public static IReadOnlyDictionary<string, string> Parameters(string uri, ValidationErrors mistakes)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in Query(uri, mistakes).Split('&', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? pair : pair[..equals];
            if (!Names.Contains(name, StringComparer.Ordinal))
            {
                mistakes.Add(
                    $"The source address has a parameter '{name}' that does not exist.",
                    Suggestion.For(name, Names) ?? $"There are {string.Join(", ", Names)}.");
            }
            else if (!found.TryAdd(name, equals < 0 ? "" : Uri.UnescapeDataString(pair[(equals + 1)..])))
            {
                mistakes.Add($"The source address names {name} twice.");
            }
        }

        return found;
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
