using Sluice.Writes.Backup;
using Xunit;

namespace Sluice.Tests.Writes.Backup;

/// <summary>Which lines differ.</summary>
public sealed class LineDifferenceTests
{
    [Theory]
    [InlineData("a b c", "a b c", "")]
    [InlineData("a b c", "a x c", "b>x")]
    [InlineData("a b c d", "b c d e", "a> >e")]
    [InlineData("", "a b", ">ab")]
    [InlineData("a b c d e", "a c e", "b> d>")]
    public void Lines_that_are_on_both_sides_are_not_told(string before, string after, string told) => Assert.Equal(
        told,
        string.Join(' ', LineDifference.Of(Lines(before), Lines(after)).Select(one => $"{string.Concat(one.Before)}>{string.Concat(one.After)}")));

    [Fact]
    public void Long_texts_without_a_common_line_are_told_as_one_block()
    {
        var before = Enumerable.Range(0, 20_000).Select(one => $"a{one}").ToList();
        var after = Enumerable.Range(0, 20_000).Select(one => $"b{one}").ToList();

        var block = Assert.Single(LineDifference.Of(before, after));

        Assert.Equal((20_000, 20_000), (block.Before.Count, block.After.Count));
    }

    private static string[] Lines(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
