using System.Globalization;
using System.Text;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Extract;
using Xunit;

namespace Sluice.Tests.Extract;

public sealed class ReportedRangeTests
{
    private const string Asked = "GET /v1/campaigns/{campaign_id}/metrics for campaigns 5 in UTC";

    // Three days, the last of which is not over.
    private static readonly MetricsWindow Window = new(
        [.. Enumerable.Range(1, 3).Select(day => new MetricsStep(At($"2025-01-0{day}T00:00:00Z"), At($"2025-01-0{day + 1}T00:00:00Z")))],
        At("2025-01-03T10:00:00Z"));

    [Theory]
    [InlineData("2025-01-01 00:00:00 +0000 UTC", "2025-01-01T00:00:00Z")]
    [InlineData("2025-01-01 01:00:00 +0100 CET", "2025-01-01T00:00:00Z")]
    [InlineData("2024-12-31 19:00:00 -0500 -05", "2025-01-01T00:00:00Z")]
    [InlineData("2025-01-01 05:30:00.5 +0530 IST", "2025-01-01T00:00:00.5Z")]
    [InlineData("2025-01-01T00:00:00Z", "2025-01-01T00:00:00Z")]
    [InlineData("2025-01-01T01:00:00+01:00", "2025-01-01T00:00:00Z")]
    [InlineData("2025-01-01T00:00:00.000Z", "2025-01-01T00:00:00Z")]
    [InlineData("2025-01-01 00:00:00", "2025-01-01T00:00:00Z")]
    [InlineData("2025-01-01", "2025-01-01T00:00:00Z")]
    [InlineData("1735689600", "2025-01-01T00:00:00Z")]
    [InlineData("Wed Jan 1", null)]
    [InlineData("99999999999999999", null)]
    [InlineData("", null)]
    public void Times_are_read_in_every_form_that_was_seen(string text, string? instant) =>
        Assert.Equal(instant is null ? null : At(instant), ReportedRange.Instant(text));

    [Theory]
    [InlineData("""{"start":"2025-01-01 00:00:00 +0000 UTC","end":"2025-01-04 00:00:00 +0000 UTC","res":"days"}""", 3)]
    [InlineData("""{"start":"2025-01-01T00:00:00Z","end":"2025-01-03 10:00:00 +0000 UTC","res":"daily"}""", 3)]
    [InlineData("""{"start":1735689600,"end":1735948800}""", 3)]
    [InlineData("""{"start":null,"metric":{}}""", 3)]
    [InlineData("""{"res":"days"}""", 0)]
    [InlineData("{}", 3)]
    public void An_answer_of_the_days_that_were_asked_for_is_taken(string body, int steps) =>
        ReportedRange.Read(Encoding.UTF8.GetBytes(body)).Require(Window, MetricsPeriod.Days, Series(steps), Asked);

    [Theory]
    [InlineData("""{"start":"2025-01-02 00:00:00 +0000 UTC","end":"2025-01-04 00:00:00 +0000 UTC","res":"days"}""", 3)]
    [InlineData("""{"start":"2025-01-01 00:00:00 +0100 CET","end":"2025-01-04 00:00:00 +0000 UTC","res":"days"}""", 3)]
    [InlineData("""{"start":"2025-01-01 00:00:00 +0000 UTC","end":"2025-01-03 00:00:00 +0000 UTC","res":"days"}""", 3)]
    [InlineData("""{"start":"2025-01-01 00:00:00 +0000 UTC","end":"2025-01-05 00:00:00 +0000 UTC","res":"days"}""", 3)]
    [InlineData("""{"start":"2025-01-01 00:00:00 +0000 UTC","end":"2025-01-04 00:00:00 +0000 UTC","res":"weeks"}""", 3)]
    [InlineData("""{"start":"2025-01-01 00:00:00 +0000 UTC","end":"2025-01-04 00:00:00 +0000 UTC","res":"days"}""", 2)]
    [InlineData("""{"start":"in January","end":"2025-01-04 00:00:00 +0000 UTC","res":"days"}""", 3)]
    [InlineData("""{"start":"2025-01-02 00:00:00 +0000 UTC"}""", 0)]
    [InlineData("{}", 45)]
    public void Any_other_answer_is_an_error_that_says_what_was_asked_and_what_came(string body, int steps)
    {
        var reported = ReportedRange.Read(Encoding.UTF8.GetBytes(body));
        var error = Assert.Throws<SluiceException>(() => reported.Require(Window, MetricsPeriod.Days, Series(steps), Asked));
        Assert.Equal(SluiceErrorKind.Api, error.Kind);
        Assert.StartsWith(
            $"{Asked} was asked for 3 days from 2025-01-01 00:00:00Z to 2025-01-03 10:00:00Z, and", error.Message, StringComparison.Ordinal);
        Assert.Contains($"answered with {steps} values", error.Message, StringComparison.Ordinal);
        Assert.All(
            new[] { reported.Start, reported.End, reported.Resolution }.OfType<string>(),
            text => Assert.Contains(EngineJson.Quote(text), error.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("[1,2,3],\"opened\":[1,2]", 2)]
    [InlineData("[1,2,3],\"opened\":[1,2,3,4]", 4)]
    [InlineData("[1,2,3],\"opened\":[]", 3)]
    public void An_array_that_is_shorter_or_longer_than_the_others_is_an_error_and_an_empty_one_is_not(string arrays, int told)
    {
        var series = Parse($"\"sent\":{arrays}");
        var error = Record.Exception(() => ReportedRange.Read("{}"u8.ToArray()).Require(Window, MetricsPeriod.Days, series, Asked));
        Assert.Equal(told != 3, error?.Message.Contains($"answered with {told} values", StringComparison.Ordinal) ?? false);
    }

    private static MetricsSeries Series(int steps) => Parse($"\"sent\":[{string.Join(',', Enumerable.Repeat(1, steps))}]");

    private static MetricsSeries Parse(string arrays) => MetricsSeries.ParseAll(
        Encoding.UTF8.GetBytes($"{{\"metric\":{{\"series\":{{{arrays}}}}}}}"), ResourceCatalog.Default.Find("campaign_metrics")!)[0];

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
