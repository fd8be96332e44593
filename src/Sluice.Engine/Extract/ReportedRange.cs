using System.Globalization;
using System.Text.Json;
using Sluice.Engine.Catalog;

namespace Sluice.Engine.Extract;

/// <summary>The part of time that an answer of metrics says it is of; answers of the older form say nothing.</summary>
/// <param name="Start">The start as it was sent, or null.</param>
/// <param name="End">The end as it was sent, or null.</param>
/// <param name="Resolution">The length of a step as it was sent, or null.</param>
internal sealed record ReportedRange(string? Start, string? End, string? Resolution)
{
    private static readonly string[] Formats =
    [
        "yyyy-MM-dd HH:mm:ss zzz", "yyyy-MM-dd HH:mm:ss.FFFFFFF zzz", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ssK",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd",
    ];

    public static ReportedRange Read(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body, RawJson.DocumentOptions);
        var root = document.RootElement;
        return new ReportedRange(Text(root, "start"), Text(root, "end"), Text(root, "res"));
    }

    /// <summary>Sees that an answer is of the steps that were asked for, so that each can be given its date.</summary>
    /// <exception cref="SluiceException">It is of others (kind Api).</exception>
    public void Require(MetricsWindow window, MetricsPeriod period, MetricsSeries series, string asked)
    {
        // Of a shorter array nobody knows which of its ends is missing.
        var steps = series.FewestSteps == window.Steps.Count ? series.Steps : series.FewestSteps;
        if ((steps == 0 || steps == window.Steps.Count) && IsOf(window, period))
        {
            return;
        }

        var word = TableName.Word(period);
        throw new SluiceException(
            SluiceErrorKind.Api,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{asked} was asked for {window.Steps.Count} {word} from {Iso(window.Start)} to {Iso(window.End)}, " +
                    $"and answered with {steps} {Told()}."),
            "It can't be told for certain when its steps begin. Nothing was written; please report it with this message.");
    }

    private bool IsOf(MetricsWindow window, MetricsPeriod period) =>
        (Start is null || Instant(Start) == window.Start)
        && (End is null || (Instant(End) > window.Steps[^1].Start && Instant(End) <= window.Steps[^1].End))
        && (Resolution is null || Resolution == TableName.Word(period) || Resolution == Adverb(period));

    private string Told() => (Start, End, Resolution) is (null, null, null)
        ? "values"
        : $"values: start {Shown(Start)}, end {Shown(End)}, res {Shown(Resolution)}";

    private static string Shown(string? text) => text is null ? "missing" : EngineJson.Quote(text);

    /// <summary>The word of the API for steps of that length, as journeys and older answers have it.</summary>
    public static string Adverb(MetricsPeriod period) => period switch
    {
        MetricsPeriod.Hours => "hourly",
        MetricsPeriod.Days => "daily",
        MetricsPeriod.Weeks => "weekly",
        _ => "monthly",
    };

    // The reference says ISO 8601, and its example is 2025-01-01 00:00:00 +0000 UTC: the name of the zone behind the offset says nothing new.
    internal static DateTimeOffset? Instant(string text)
    {
        if (uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            return DateTimeOffset.FromUnixTimeSeconds(seconds);
        }

        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var stated = parts is [_, _, var offset, ..] && offset is ['+' or '-', ..] ? $"{parts[0]} {parts[1]} {WithColon(offset)}" : text.Trim();
        return DateTimeOffset.TryParseExact(stated, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)
            ? instant
            : null;
    }

    private static string WithColon(string offset) => offset is { Length: 5 } ? $"{offset[..3]}:{offset[3..]}" : offset;

    private static string? Text(JsonElement root, string name) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out var value)
            ? value.ValueKind switch
            {
                JsonValueKind.Null => null,
                JsonValueKind.String => value.GetString(),
                _ => value.GetRawText(),
            }
            : null;

    private static string Iso(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
