using System.Text.Json;
using Sluice.CustomerIo.Parsing;

namespace Sluice.CustomerIo.Errors;

/// <summary>
/// A page that can't be taken: valid JSON of another shape than the endpoint is known to answer, since "no rows" would be a silent loss, or a
/// cursor that loops.
/// </summary>
internal static class PageErrors
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
        new(CustomerIoErrorKind.Cursor, endpoint, $"The answer to {endpoint} has {Name(found)} as `{key}`, which is no cursor. {CatalogHint}")
        {
            Hint = CatalogHint,
        };

    public static CustomerIoException Reported(string endpoint, ErrorBody error)
    {
        string detail = Redactor.Cut(error.Detail);
        return new(CustomerIoErrorKind.Envelope, endpoint, $"The answer to {endpoint} reports an error: {detail}") { Detail = detail };
    }

    public static CustomerIoException Repeated(string endpoint, Page page)
    {
        const string Hint = "Start this list again; if it happens again, report it to Customer.io with the endpoint and the time.";
        string cursor = Redactor.Cut(page.Next!);
        return new CustomerIoException(
            CustomerIoErrorKind.Cursor,
            endpoint,
            $"{endpoint} gave the cursor \"{cursor}\" a second time on page {page.Number}: going on would loop. {Hint}")
        {
            IsTransient = true,
            Hint = Hint,
        };
    }

    public static CustomerIoException RepeatedPage(string endpoint, string parameter, Page page)
    {
        const string Hint = "The list may have changed while it was read: start it again; if it happens again, report it to Customer.io.";
        return new CustomerIoException(
            CustomerIoErrorKind.Cursor,
            endpoint,
            $"{endpoint} gave the same records a second time for {parameter}={page.Cursor}: going on would loop. {Hint}")
        {
            IsTransient = true,
            Hint = Hint,
        };
    }

    public static CustomerIoException Endless(string endpoint, string pages)
    {
        const string Hint = "Start this list again; if it happens again, report it to Customer.io with the endpoint and the time.";
        return new CustomerIoException(
            CustomerIoErrorKind.Cursor,
            endpoint,
            $"{endpoint} gave {pages} without a new record, each with a new cursor: the list has no end. {Hint}")
        {
            IsTransient = true,
            Hint = Hint,
        };
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
            keys.Add(Redactor.Cut(JsonKind.TextOf(ref reader)));
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
