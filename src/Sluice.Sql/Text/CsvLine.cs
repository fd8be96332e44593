namespace Sluice.Sql.Text;

/// <summary>A line of CSV by RFC 4180: NULL is an empty field, empty text is quoted.</summary>
public static class CsvLine
{
    /// <summary>The line of a row, with its end.</summary>
    public static string Of(IEnumerable<object?> row) => string.Join(',', row.Select(Field)) + "\n";

    private static string Field(object? value) => ValueText.Of(value) switch
    {
        null => "",
        "" => "\"\"",
        var text when text.AsSpan().IndexOfAny(",\"\r\n") >= 0 || text[0] == ' ' || text[^1] == ' ' =>
            $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"",
        var text => text,
    };
}
