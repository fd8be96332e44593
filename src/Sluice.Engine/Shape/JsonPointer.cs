namespace Sluice.Engine.Shape;

/// <summary>RFC 6901 pointers: unlike JSONPath they can name any key, whatever stands in it, and they tell case.</summary>
internal static class JsonPointer
{
    public static string Of(IEnumerable<string> keys) =>
        string.Concat(keys.Select(key => "/" + key.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)));
}
