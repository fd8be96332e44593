using Sluice.Engine.Extract;
using Sluice.Tests.Spool;
using Xunit;

namespace Sluice.Tests.Extract;

public sealed class PageDensityTests
{
    private const double Unknown = 32;
    private static readonly TimeWindow Window = new(0, 1000);

    [Theory]
    [InlineData("900,950,1000", 10)]
    [InlineData("1000,950,950,900", 10)]
    [InlineData("0,1000", 1)]
    [InlineData("500,500", 1000)]
    [InlineData("900,1000,950", Unknown)]
    [InlineData("900,null,1000", Unknown)]
    [InlineData("900,\"950\",1000", Unknown)]
    [InlineData("900,950.5,1000", Unknown)]
    public void The_pages_of_a_window_are_guessed_from_the_time_of_the_first(string times, double pages) =>
        Assert.Equal(
            pages,
            PageDensity.PagesIn(Pages.Of(times.Split(',').Select(time => $"{{\"o\":{{\"created\":[7]}},\"created\":{time}}}")), Window, "created"));

    [Fact]
    public void A_record_without_the_time_tells_nothing() =>
        Assert.Equal(Unknown, PageDensity.PagesIn(Pages.Of(["{\"created\":1}", "{\"o\":{\"created\":2}}"]), Window, "created"));
}
