using Sluice.Engine;
using Sluice.Settings;
using Xunit;

namespace Sluice.Tests.Config.Pipeline;

public sealed class CronTextTests
{
    [Theory]
    [InlineData("* * * * *")]
    [InlineData("0 6 * * *")]
    [InlineData("*/15 8-18/2 1,15 JAN,jul mon-FRI")]
    [InlineData("0  6\t* * 7")]
    public void Good_ones_are_let_by(string text) => Assert.False(Of(text).Any);

    [Theory]
    [InlineData("", "0 fields")]
    [InlineData("@daily", "1 fields")]
    [InlineData("0 0 6 * * *", "6 fields")]
    [InlineData("60 6 * * *", "the minute can't be '60'")]
    [InlineData("0 24 * * *", "the hour can't be '24'")]
    [InlineData("0 6 0 * *", "the day of the month can't be '0'")]
    [InlineData("0 6 * 13 *", "the month can't be '13'")]
    [InlineData("0 6 * * 8", "the day of the week can't be '8'")]
    [InlineData("0 6 * * FOO", "the day of the week can't be 'FOO'")]
    [InlineData("*/0 6 * * *", "'*/0'")]
    [InlineData("*/60 6 * * *", "'*/60'")]
    [InlineData("9-8 6 * * *", "'9-8'")]
    [InlineData("1, 6 * * *", "''")]
    [InlineData("-1 6 * * *", "'-1'")]
    [InlineData("? 6 * * *", "'?'")]
    public void Bad_ones_are_refused_by_field(string text, string words) =>
        Assert.Contains(words, Of(text).Found[0].Message, StringComparison.Ordinal);

    private static ValidationErrors Of(string text)
    {
        var mistakes = new ValidationErrors();
        CronText.Check("cron", text, mistakes);
        return mistakes;
    }
}
