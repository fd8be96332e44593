using System.Text.Json;
using Sluice.CustomerIo.Cutting;

namespace Sluice.CustomerIo.Failures;

/// <summary>Valid JSON of another shape than the endpoint is known to answer: an error, because "no rows" would be a silent loss.</summary>
internal static class EnvelopeErrors
{
    private const int MostKeys = 20;
    private const string CatalogHint = "The API may have changed: compare this endpoint's root key with the API reference.";

    public static CustomerIoException MissingRootKey(string endpoint, PageShape shape, ReadOnlyMemory<byte> body) =>
        Envelope(endpoint, $"has none of the root keys {Quote(shape.RootKeys)}; {Found(body)}");

    public static CustomerIoException NotRecords(string endpoint, string where, JsonTokenType found) =>
        Envelope(endpoint, $"has {Name(found)} as {where}, where a list or a record should be");

    public static CustomerIoException NotAnObject(string endpoint, string where, int position, JsonTokenType found) =>
        Envelope(endpoint, $"has {Name(found)} in {where} before record {position}, where an object should be");

    public static CustomerIoException StrangeCursor(string endpoint, string key, JsonTokenType found) =>
        new(CustomerIoErrorKind.Cursor, endpoint, $"The answer to {endpoint} has {Name(found)} as `{key}`, which is no cursor. {CatalogHint}") { Hint = CatalogHint };

    public static CustomerIoException Reported(string endpoint, ErrorBody error)
    {
        string detail = Redactor.Cut(error.Detail);
        return new(CustomerIoErrorKind.Envelope, endpoint, $"The answer to {endpoint} reports an error: {detail}") { Detail = detail };
    }

    private static CustomerIoException Envelope(string endpoint, string what) =>
        new(CustomerIoErrorKind.Envelope, endpoint, $"The answer to {endpoint} {what}. {CatalogHint}") { Hint = CatalogHint };

    private static string Found(ReadOnlyMemory<byte> body)
    {
        var reader = new Utf8JsonReader(body.Span, JsonCheck.Options);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return $"the root is {Name(reader.TokenType)}";
        }

        var keys = new List<string>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName && keys.Count < MostKeys)
        {
            keys.Add(Redactor.Cut(JsonValues.TextOf(ref reader)));
            reader.Skip();
        }

        return keys.Count == 0 ? "the root object is empty" : $"the keys found are {Quote(keys)}";
    }

    private static string Quote(IEnumerable<string> keys) => string.Join(", ", keys.Select(key => $"`{key}`"));

    private static string Name(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.Null => "null",
        _ => "a boolean",
    };
}
