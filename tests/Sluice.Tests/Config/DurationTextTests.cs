using System.Globalization;
using Sluice.Engine;
using Sluice.Settings;
using Xunit;

namespace Sluice.Tests.Config;

public sealed class DurationTextTests
{
    [Theory]
    [InlineData("45s", "00:00:45")]
    [InlineData("90m", "01:30:00")]
    [InlineData("12h", "12:00:00")]
    [InlineData("30d", "30.00:00:00")]
    [InlineData("1h30m", "01:30:00")]
    [InlineData("2d3h4m5s", "2.03:04:05")]
    [InlineData(" 10M ", "00:10:00")]
    [InlineData("0s", "00:00:00")]
    [InlineData("999999d999999h999999m999999s", "1042371.15:25:39")]
    public void Days_hours_minutes_and_seconds_are_added_up(string text, string duration) =>
        Assert.Equal(TimeSpan.Parse(duration, CultureInfo.InvariantCulture), Read(text));

    [Theory]
    [InlineData("30")]
    [InlineData("h")]
    [InlineData("-5m")]
    [InlineData("1.5h")]
    [InlineData("30m1h")]
    [InlineData("5m5m")]
    [InlineData("5 m")]
    [InlineData("1w")]
    [InlineData("1000000d")]
    [InlineData("tomorrow")]
    public void What_is_no_length_of_time_is_named_with_the_way_to_write_one(string text)
    {
        var error = Assert.Throws<SluiceException>(() => Read(text));

        Assert.Equal(SluiceErrorKind.Config, error.Kind);
        Assert.Contains($"--wait is no length of time: '{text}'", error.Message, StringComparison.Ordinal);
        Assert.Contains("1h30m", error.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    public void Nothing_said_is_no_length_of_time_and_no_mistake(string? text) => Assert.Null(Read(text));

    private static TimeSpan? Read(string? text)
    {
        var mistakes = new ValidationErrors();
        var duration = DurationText.Read("--wait", text, mistakes);
        mistakes.ThrowIfAny();
        return duration;
    }
}
