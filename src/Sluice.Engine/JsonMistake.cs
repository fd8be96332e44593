using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Sluice.Engine;

/// <summary>
/// Says what is wrong with a document that was read back, as a part of a sentence: the field and what belongs there, where the serializer names types
/// of this program.
/// </summary>
public static partial class JsonMistake
{
    /// <summary>What is wrong; nothing of it can be taken for a command by a terminal.</summary>
    public static string Of(JsonException error)
    {
        ArgumentNullException.ThrowIfNull(error);
        var field = error.Path is { Length: > 2 } path && path[0] == '$' ? path[1] == '.' ? path[2..] : path[1..] : "";
        var words = Lacking().Match(error.Message) is { Success: true } lacking
                ? $"{(field.Length == 0 ? "it" : field)} lacks {lacking.Groups["names"].Value.Replace("'", "", StringComparison.Ordinal)}"
            : Converted().Match(error.Message) is { Success: true } converted
                ? $"{(field.Length == 0 ? "it" : field)} is not {Wanted($"{converted.Groups["type"].Value} {error.InnerException?.Message}")}"
            : error.LineNumber is { } line
                ? string.Create(
                    CultureInfo.InvariantCulture, $"it is no JSON at line {line + 1}, byte {error.BytePositionInLine + 1}{Behind(field)}")
            : $"it can't be read{Behind(field)}";
        return JsonEncodedText.Encode(words).ToString();
    }

    private static string Behind(string field) => field.Length == 0 ? "" : $", in {field}";

    // The type is that of the field or of the whole that it is of, whose reader then tells what it has looked for.
    private static string Wanted(string type) => type switch
    {
        _ when type.Contains("Dictionary", StringComparison.Ordinal) => "an object",
        _ when type.Contains("List", StringComparison.Ordinal) || type.EndsWith("[]", StringComparison.Ordinal) => "a list",
        _ when type.Contains("Int64", StringComparison.Ordinal) || type.Contains("Int32", StringComparison.Ordinal) => "a whole number",
        _ when type.Contains("Double", StringComparison.Ordinal) || type.Contains("as a number", StringComparison.Ordinal) => "a number",
        _ when type.Contains("DateTimeOffset", StringComparison.Ordinal) => "a time",
        _ when type.Contains("Boolean", StringComparison.Ordinal) || type.Contains("as a boolean", StringComparison.Ordinal) => "true or false",
        _ when type.StartsWith("System.String", StringComparison.Ordinal) || type.Contains("as a string", StringComparison.Ordinal) => "a text",
        _ => "what belongs there",
    };

    [GeneratedRegex(
        @"^The JSON value could not be converted to (?<type>\S+)\.( |$)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Converted();

    [GeneratedRegex(
        "missing required properties including: (?<names>[^.]*)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Lacking();
}
