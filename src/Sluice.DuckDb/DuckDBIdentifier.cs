namespace Sluice.DuckDb;

/// <summary>Names in SQL text.</summary>
public static class DuckDBIdentifier
{
    /// <summary>The name in double quotes, safe whatever it holds.</summary>
    /// <exception cref="ArgumentException">It is empty or holds a NUL character: no such name can exist.</exception>
    public static string Quote(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Contains('\0', StringComparison.Ordinal))
            throw new ArgumentException("A name can't hold a NUL character.", nameof(name));
        return $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    /// <summary>For types shown to people: simple names stay bare.</summary>
    internal static string QuoteWhenNeeded(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') ? name : Quote(name);
}
