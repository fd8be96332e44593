namespace Sluice.Engine.DuckDb;

/// <summary>Names in SQL text.</summary>
public static class DuckDBIdentifier
{
    /// <summary>The name in double quotes, safe whatever it holds.</summary>
    /// <exception cref="ArgumentException">It is empty or holds a NUL character: no such name can exist.</exception>
    public static string Quote(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return name.Contains('\0', StringComparison.Ordinal)
            ? throw new ArgumentException("A name can't hold a NUL character.", nameof(name))
            : $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}

/// <summary>Text values in SQL text.</summary>
public static class DuckDBLiteral
{
    /// <summary>The text as a SQL expression, safe whatever it holds; a NUL character becomes <c>chr(0)</c>.</summary>
    public static string Quote(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var quoted = $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
        return quoted.Contains('\0', StringComparison.Ordinal)
            ? $"({quoted.Replace("\0", "' || chr(0) || '", StringComparison.Ordinal)})"
            : quoted;
    }
}
