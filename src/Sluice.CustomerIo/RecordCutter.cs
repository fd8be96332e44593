using System.Text.Json;
using Sluice.CustomerIo.Cutting;
using Sluice.CustomerIo.Failures;

namespace Sluice.CustomerIo;

/// <summary>Finds the records, their fields and the next cursor in an answer, in one pass that is also the check that it is valid JSON.</summary>
public static class RecordCutter
{
    /// <summary>Cuts a body of at most 2 GiB; the endpoint is only used in errors.</summary>
    /// <exception cref="JsonException">The body is not valid UTF-8 JSON.</exception>
    /// <exception cref="CustomerIoException">The JSON is not of the given shape (Envelope), reports an error (Envelope), or has a strange cursor (Cursor).</exception>
    public static CutPage Cut(ReadOnlyMemory<byte> body, PageShape shape, string endpoint = "")
    {
        Reading<CutPage> reading = Read(body, shape, endpoint);
        return reading.Reported is { } reported
            ? throw EnvelopeErrors.Reported(endpoint, reported)
            : reading.Value!;
    }

    internal static Reading<CutPage> Read(ReadOnlyMemory<byte> body, PageShape shape, string endpoint)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ReadOnlyMemory<byte> text = Utf8Text.Checked(body);
        var cutter = new BodyCutter(text.Span, shape, endpoint);
        bool mayReportErrors = cutter.Run();
        if (mayReportErrors && ErrorBody.FindReported(text) is { } reported)
        {
            return new Reading<CutPage>(null, reported);
        }

        return new Reading<CutPage>(cutter.Finish(text), null);
    }
}
