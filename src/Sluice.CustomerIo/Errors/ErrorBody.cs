using System.Text.Json;

namespace Sluice.CustomerIo.Errors;

/// <summary>An error in the API's words, from any of the envelopes that Customer.io is known to use.</summary>
internal sealed record ErrorBody(string Detail, int? Status)
{
    private const int MostErrors = 5;

    // A report of errors is short; the tree of a long list takes many times its memory.
    private const int LargestReport = 4 * 1024 * 1024;

    /// <summary>The error in the body of a refused request, if it is one of the known envelopes.</summary>
    public static ErrorBody? Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object ? OfRoot(document.RootElement) : null;
        }
        catch (JsonException)
        {
            return null;
        }
        catch (InvalidOperationException)
        {
            // A string that is no text (half of a surrogate pair): the status alone must do.
            return null;
        }
    }

    /// <summary>The error in a body that came with a status of success; lists of other things under the same key are none.</summary>
    public static ErrorBody? FindReported(ReadOnlyMemory<byte> body) =>
        body.Length <= LargestReport && Parse(body) is { } error && error.Detail.Length > 0 ? error : null;

    private static ErrorBody? OfRoot(JsonElement root)
    {
        if (root.TryGetProperty("errors", out JsonElement errors) && errors.ValueKind == JsonValueKind.Array)
        {
            return OfList(errors);
        }

        if (root.TryGetProperty("meta", out JsonElement meta) && meta.ValueKind == JsonValueKind.Object)
        {
            return meta.TryGetProperty("errors", out JsonElement list) && list.ValueKind == JsonValueKind.Array
                ? OfList(list)
                : OfText(meta, "error");
        }

        return null;
    }

    private static ErrorBody? OfList(JsonElement list)
    {
        string[] details = [.. list.EnumerateArray().Take(MostErrors).Select(Describe).OfType<string>()];
        return details.Length == 0
            ? null
            : new ErrorBody(string.Join("; ", details), list.EnumerateArray().Select(StatusOf).FirstOrDefault(s => s > 0));
    }

    private static ErrorBody? OfText(JsonElement parent, string name) =>
        Text(parent, name) is { Length: > 0 } text ? new ErrorBody(text, null) : null;

    private static string? Describe(JsonElement error)
    {
        if (error.ValueKind == JsonValueKind.String)
        {
            return error.GetString();
        }

        string? detail = Text(error, "detail") ?? Text(error, "message") ?? Text(error, "reason");
        string? where = error.ValueKind == JsonValueKind.Object && error.TryGetProperty("source", out JsonElement source)
            ? Text(source, "pointer")
            : Text(error, "field");
        return detail is null || where is null ? detail : $"{detail} ({where})";
    }

    private static int? StatusOf(JsonElement error)
    {
        if (error.ValueKind != JsonValueKind.Object || !error.TryGetProperty("status", out JsonElement status))
        {
            return null;
        }

        string text = status.ValueKind == JsonValueKind.String ? status.GetString()! : status.GetRawText();
        return int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int number)
            ? number
            : null;
    }

    private static string? Text(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
