using System.Buffers;

namespace Sluice.Simulator.Http;

/// <summary>The query of a request, decoded like the API does: an unencoded <c>+</c> is a space.</summary>
internal sealed class QueryValues
{
    private readonly Dictionary<string, (string Value, string Raw)> _values = new(StringComparer.Ordinal);

    public QueryValues(string raw)
    {
        foreach (var pair in raw.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var split = pair.IndexOf('=', StringComparison.Ordinal);
            var name = Decode(split < 0 ? pair : pair[..split]);
            var value = split < 0 ? "" : pair[(split + 1)..];
            _values[name] = (Decode(value), value);
        }
    }

    /// <summary>The value, or null when it is absent or empty.</summary>
    public string? this[string name] => _values.TryGetValue(name, out var found) && found.Value.Length > 0 ? found.Value : null;

    /// <summary>The same query with one value replaced.</summary>
    public QueryValues With(string name, string value)
    {
        var copy = new QueryValues("");
        foreach (var (known, found) in _values)
        {
            copy._values[known] = found;
        }

        copy._values[name] = (value, Uri.EscapeDataString(value));
        return copy;
    }

    /// <summary>Whether a value contains a character that should have been percent-encoded: the API then finds nothing.</summary>
    public bool IsUnencoded(string name) => _values.TryGetValue(name, out var found) && Unencoded.In(found.Raw);

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}

/// <summary>Characters that must be percent-encoded in a path or query value; otherwise the API returns 200 and finds nothing.</summary>
internal static class Unencoded
{
    private static readonly SearchValues<char> Bare = SearchValues.Create("+@& /");

    public static bool In(string raw) => raw.AsSpan().ContainsAny(Bare);
}
