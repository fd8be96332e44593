namespace Sluice.Engine.DuckDb;

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
