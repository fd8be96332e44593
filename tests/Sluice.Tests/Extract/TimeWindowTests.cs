using Sluice.Engine.Extract;
using Xunit;

namespace Sluice.Tests.Extract;

public sealed class TimeWindowTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);

    [Theory]
    [InlineData(1, 180, 1)]
    [InlineData(180 * 86400, 180, 1)]
    [InlineData((180 * 86400) + 1, 180, 2)]
    [InlineData(1000 * 86400, 180, 6)]
    [InlineData(7 * 86400, 1, 7)]
    public void Windows_cover_the_range_without_gaps_newest_first(int seconds, int maxDays, int count)
    {
        var windows = TimeWindow.Cover(Start, Start.AddSeconds(seconds), maxDays);
        Assert.Equal(count, windows.Count);
        Assert.All(windows, window => Assert.InRange(window.Seconds, 1, maxDays * 86400L));
        AssertCovers(windows, Start.ToUnixTimeSeconds(), Start.ToUnixTimeSeconds() + seconds);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    public void An_empty_range_is_still_one_window(int seconds) =>
        Assert.Equal([new TimeWindow(1_700_000_000, 1_700_000_000)], TimeWindow.Cover(Start, Start.AddSeconds(seconds), 180));

    [Theory]
    [InlineData(1000, 2)]
    [InlineData(1001, 16)]
    [InlineData(17, 16)]
    [InlineData(3, 4)]
    public void Parts_cover_their_window_without_gaps(int seconds, int parts)
    {
        var split = new TimeWindow(100, 100 + seconds).Split(parts);
        Assert.Equal(parts, split.Count);
        Assert.InRange(split.Max(part => part.Seconds) - split.Min(part => part.Seconds), 0, 1);
        AssertCovers(split, 100, 100 + seconds);
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(1_700_000_000, 1_700_086_400)]
    [InlineData(-5, 7)]
    public void An_id_leads_back_to_its_window(long start, long end) =>
        Assert.Equal(new TimeWindow(start, end), TimeWindow.Parse(new TimeWindow(start, end).Id));

    private static void AssertCovers(IReadOnlyList<TimeWindow> windows, long start, long end)
    {
        Assert.Equal((end, start), (windows[0].End, windows[^1].Start));
        Assert.All(windows.Zip(windows.Skip(1)), pair => Assert.Equal(pair.First.Start, pair.Second.End));
    }
}
