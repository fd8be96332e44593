using System.Globalization;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Settings;
using Xunit;

namespace Sluice.Tests.Config;

public sealed class IntervalTextTests
{
    [Theory]
    [InlineData("2024-01-31", "2024-01-31T00:00:00Z")]
    [InlineData("2024-01-31T12:30", "2024-01-31T12:30:00Z")]
    [InlineData("2024-01-31 12:30:15", "2024-01-31T12:30:15Z")]
    [InlineData("2024-01-31T12:30:15Z", "2024-01-31T12:30:15Z")]
    [InlineData("2024-01-31T12:30:15+02:00", "2024-01-31T10:30:15Z")]
    [InlineData("2024-01-31 23:30:15-05:00", "2024-02-01T04:30:15Z")]
    [InlineData("2024-01-31T12:30:15.250Z", "2024-01-31T12:30:15.250Z")]
    [InlineData(" 2024-02-29 ", "2024-02-29T00:00:00Z")]
    public void A_time_is_utc_unless_it_says_otherwise(string text, string instant)
    {
        var interval = Read(text, null);

        Assert.Equal(DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture), interval.Start);
        Assert.Null(interval.End);
    }

    [Theory]
    [InlineData("31.01.2024")]
    [InlineData("2024-02-30")]
    [InlineData("yesterday")]
    [InlineData("2024-01-31T25:00")]
    public void What_is_no_time_is_named_with_the_way_to_write_one(string text)
    {
        var error = Assert.Throws<SluiceException>(() => Read(null, text));

        Assert.Contains($"--interval-end is no date: '{text}'", error.Message, StringComparison.Ordinal);
        Assert.Contains("2024-01-31T12:00:00+02:00", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void A_start_after_the_end_is_a_mistake_and_an_equal_one_is_none()
    {
        var error = Assert.Throws<SluiceException>(() => Read("2024-02-01", "2024-01-31T23:59:59"));

        Assert.Contains("starts at 2024-02-01 00:00:00Z, after its end at 2024-01-31 23:59:59Z", error.Message, StringComparison.Ordinal);
        Assert.Equal(Read("2024-02-01", "2024-02-01").Start, Read("2024-02-01", "2024-02-01").End);
    }

    [Fact]
    public void Nothing_said_is_all_of_time() => Assert.True(Read(null, " ").IsAll);

    private static Interval Read(string? start, string? end)
    {
        var mistakes = new ValidationErrors();
        var words = new SettingWords().Say("--interval-start", start ?? "").Say("--interval-end", end ?? "");
        var interval = IngestRequestReader.Read(words, "", mistakes).Tables[0].Settings.Interval;
        mistakes.ThrowIfAny();
        return interval;
    }
}
