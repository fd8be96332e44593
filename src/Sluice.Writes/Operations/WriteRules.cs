using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Sluice.Writes.Operations;

/// <summary>
/// What Customer.io refuses or, worse, takes in silence and drops: the same for rows of files and of queries, for statements and for procedures.
/// What is wrong is told in the words that follow the column's name.
/// </summary>
internal static partial class WriteRules
{
    /// <summary>Bytes of the longest identifier, and of the longest name of an attribute (Customer.io Track API reference).</summary>
    public const int LongestName = 150;

    /// <summary>Unix times from here on are milliseconds: as seconds they would be after the year 5000.</summary>
    public const long Milliseconds = 100_000_000_000;

    /// <summary>Recipients of a message at most, with those of copies (Customer.io App API reference).</summary>
    public const int MostRecipients = 15;

    private const int MostMilliseconds = 60_000;
    private const int MostShown = 40;

    // Milliseconds of the years 2001 to 2033 are the numbers of thirteen digits that begin with a 1.
    private const int DigitsOfMilliseconds = 13;

    /// <summary>What is wrong with what names a person or an object; null for nothing.</summary>
    /// <param name="kind">id, email, cio_id or object_id.</param>
    /// <param name="text">The identifier.</param>
    public static string? Identifier(string kind, string? text) =>
        string.IsNullOrWhiteSpace(text) ? $"has no value, so that {(kind == "object_id" ? "nothing" : "nobody")} is named"
        : kind == "email" && Email(text) is { } problem ? problem
        : Encoding.UTF8.GetByteCount(text) > LongestName ? $"is longer than {Number(LongestName)} bytes"
        : null;

    /// <summary>What is wrong with an e-mail address; null for nothing.</summary>
    public static string? Email(string text) => Address().IsMatch(text) ? null : $"is no e-mail address: '{Short(text)}'";

    /// <summary>What is wrong with addresses as a message has them, with names before them and commas between; null for nothing.</summary>
    public static string? Emails(string text)
    {
        // What Liquid makes of it nobody knows before.
        if (text.Contains("{{", StringComparison.Ordinal) || text.Contains("{%", StringComparison.Ordinal))
        {
            return null;
        }

        return Mailboxes().Matches(text) is { Count: > 0 } found
            ? found.Select(one => Email(Mailbox().Match(one.Value.Trim()).Groups["address"].Value)).FirstOrDefault(one => one is not null)
            : Email(text);
    }

    /// <summary>How many addresses there are.</summary>
    public static int CountEmails(string text) => Mailboxes().Count(text);

    /// <summary>What is wrong with what Customer.io knows an event again by; null for nothing.</summary>
    public static string? Ulid(string text) =>
        text.Length == 26 && text[0] <= '7'
            && text.All(letter => "0123456789ABCDEFGHJKMNPQRSTVWXYZ".Contains(letter, StringComparison.OrdinalIgnoreCase))
        ? null
        : $"is no ULID (26 characters), without which doubles are not dropped: '{Short(text)}'";

    /// <summary>What is wrong with the name of an attribute; null for nothing.</summary>
    public static string? AttributeName(string name) => Encoding.UTF8.GetByteCount(name) > LongestName
        ? $"the name of the attribute {Short(name)} has more than {Number(LongestName)} bytes"
        : null;

    /// <summary>What is wrong with the attributes of a person, an object or a relationship, each problem with the attribute's name.</summary>
    /// <param name="set">The attributes that are set, with their values; one that is taken away has none.</param>
    /// <param name="count">How many attributes there are with those that stay.</param>
    /// <param name="limits">The operation whose limits hold.</param>
    public static IEnumerable<string> Attributes(IEnumerable<KeyValuePair<string, JsonNode?>> set, int count, Operation limits)
    {
        foreach (var (name, value) in set)
        {
            if (AttributeName(name) is { } problem)
            {
                yield return problem;
            }

            if (value is not null && limits.MaxValueBytes > 0 && Encoding.UTF8.GetByteCount(TextOf(value)) > limits.MaxValueBytes)
            {
                yield return $"the value of {Short(name)} has more than {Number(limits.MaxValueBytes)} bytes";
            }
        }

        if (limits.MaxAttributes > 0 && count > limits.MaxAttributes)
        {
            yield return $"there are more than {Number(limits.MaxAttributes)} attributes";
        }
    }

    /// <summary>What is wrong with a row of a collection; null for nothing.</summary>
    public static string? CollectionRow(JsonNode? row) =>
        row is not JsonObject ? $"must be a JSON object, not {KindOf(row)}"
        : CallBody.Text(row).Length is var bytes && bytes > Collection.MaxItemBytes
            ? $"makes {Number(bytes)} bytes; Customer.io takes {Number(Collection.MaxItemBytes)}"
        : null;

    /// <summary>What is wrong with all rows of a collection; null for nothing.</summary>
    public static string? CollectionRows(JsonArray rows) => CallBody.Text(rows).Length > Collection.MaxBytes
        ? $"the collection would have more than {Number(Collection.MaxBytes / 1_000_000)} MB"
        : null;

    /// <summary>Whether a number is a time in milliseconds: one of this time, or any number that is too large for the seconds of a time.</summary>
    /// <param name="name">The attribute: one that ends with _at is a time.</param>
    /// <param name="value">Its value.</param>
    public static bool IsMilliseconds(string name, JsonNode? value) => value is JsonValue && value.GetValueKind() switch
    {
        JsonValueKind.Number => IsMilliseconds(name, value.ToJsonString(), isNumber: true),
        JsonValueKind.String => IsMilliseconds(name, value.GetValue<string>(), isNumber: false),
        _ => false,
    };

    /// <summary>The same of text.</summary>
    public static bool IsMilliseconds(string name, string text, bool isNumber)
    {
        if (name.EndsWith("_at", StringComparison.Ordinal))
        {
            return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number > Milliseconds;
        }

        // What is called an id has as many digits in some shops.
        return isNumber && text.Length == DigitsOfMilliseconds && text[0] == '1' && !name.EndsWith("id", StringComparison.OrdinalIgnoreCase)
            && !text.AsSpan().ContainsAnyExceptInRange('0', '9');
    }

    /// <summary>The beginning of a value, to be shown.</summary>
    public static string Short(string text) => text.Length <= MostShown ? text : text[..MostShown] + "…";

    private static Operation Collection => OperationCatalog.Find("collection")!;

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string TextOf(JsonNode value) => value is JsonValue one && one.TryGetValue<string>(out var text)
        ? text
        : Encoding.UTF8.GetString(CallBody.Text(value));

    private static string KindOf(JsonNode? value) => value?.GetValueKind() switch
    {
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        _ => "null",
    };

    // Every value of millions of rows goes through these. What follows each loop can't be in it, so that nothing is tried twice.
    [GeneratedRegex(@"^[^\s@]+@[^\s@.]+(\.[^\s@.]+)*\z", RegexOptions.ExplicitCapture, MostMilliseconds)]
    private static partial Regex Address();

    [GeneratedRegex("""("[^"]*"|[^",])+""", RegexOptions.ExplicitCapture, MostMilliseconds)]
    private static partial Regex Mailboxes();

    [GeneratedRegex(
        @"^([^<]*<\s*(?<address>[^<>]*?)\s*>|(?<address>.*))\z", RegexOptions.ExplicitCapture | RegexOptions.Singleline, MostMilliseconds)]
    private static partial Regex Mailbox();
}

/// <summary>What is sent as it is and may be meant otherwise, counted by column.</summary>
internal sealed class Doubts
{
    private readonly Dictionary<string, (long Rows, string First)> _milliseconds = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (long Rows, string First)> _cleared = new(StringComparer.Ordinal);

    /// <summary>Columns of times that are in milliseconds.</summary>
    public IEnumerable<string> Milliseconds =>
        _milliseconds.Select(one => $"{one.Key} looks like milliseconds in {Rows(one.Value)}: Customer.io takes seconds.");

    /// <summary>Attributes that are taken away.</summary>
    public IEnumerable<string> Cleared =>
        _cleared.Select(one => $"{one.Key} has no value in {Rows(one.Value)}: the attribute is taken away there.");

    /// <summary>Notes the members of a row that are times in milliseconds.</summary>
    /// <param name="values">The row.</param>
    /// <param name="row">The row, as somebody would look for it.</param>
    public void AddMilliseconds(JsonObject values, string row)
    {
        foreach (var (name, _) in values.Where(one => WriteRules.IsMilliseconds(one.Key, one.Value)))
        {
            AddMilliseconds(name, row);
        }
    }

    /// <summary>Notes a time in milliseconds.</summary>
    /// <param name="column">The column.</param>
    /// <param name="row">The row, as somebody would look for it.</param>
    public void AddMilliseconds(string column, string row) => Count(_milliseconds, column, row);

    /// <summary>Notes an attribute that is taken away.</summary>
    public void AddCleared(string column, string row) => Count(_cleared, column, row);

    private static void Count(Dictionary<string, (long Rows, string First)> counts, string column, string row) =>
        counts[column] = counts.TryGetValue(column, out var known) ? (known.Rows + 1, known.First) : (1, row);

    private static string Rows((long Rows, string First) of) => of.Rows == 1
        ? $"1 row ({of.First})"
        : string.Create(CultureInfo.InvariantCulture, $"{of.Rows:N0} rows (the first: {of.First})");
}
