using System.Text.Json;
using Sluice.CustomerIo.Errors;
using Sluice.CustomerIo.Http;
using Sluice.CustomerIo.Parsing;

namespace Sluice.CustomerIo;

/// <summary>Finds the records, their fields and the next cursor in an answer, in one pass that is also the check that it is valid JSON.</summary>
public static class PageParser
{
    /// <summary>Parses a body of at most 2 GiB; the endpoint is only used in errors.</summary>
    /// <exception cref="JsonException">The body is not valid UTF-8 JSON.</exception>
    /// <exception cref="CustomerIoException">The JSON is not of the given shape (Envelope), reports an error (Envelope), or has a strange cursor
    /// (Cursor).</exception>
    public static Page Parse(ReadOnlyMemory<byte> body, PageShape shape, string endpoint = "")
    {
        var reading = Read(body, shape, endpoint);
        return reading.Reported is { } reported
            ? throw PageErrors.Reported(endpoint, reported)
            : reading.Value!;
    }

    internal static Reading<Page> Read(ReadOnlyMemory<byte> body, PageShape shape, string endpoint)
    {
        ArgumentNullException.ThrowIfNull(shape);
        var text = JsonCheck.Utf8Of(body);
        var parser = new BodyParser(text.Span, shape, endpoint);
        var mayReportErrors = parser.Run();
        return mayReportErrors && ErrorBody.FindReported(text) is { } reported
            ? new Reading<Page>(null, reported)
            : new Reading<Page>(parser.Finish(text), null);
    }
}
