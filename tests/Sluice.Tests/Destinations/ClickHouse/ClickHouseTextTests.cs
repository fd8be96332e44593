using Sluice.Destinations.ClickHouse;
using Xunit;

namespace Sluice.Tests.Destinations.ClickHouse;

public sealed class ClickHouseTextTests
{
    [Theory]
    [InlineData("plain", "`plain`")]
    [InlineData("a`b", "`a\\`b`")]
    [InlineData("a\\", "`a\\\\`")]
    [InlineData("`; DROP TABLE x; --", "`\\`; DROP TABLE x; --`")]
    public void A_name_ends_where_it_ends(string name, string quoted) => Assert.Equal(quoted, ClickHouseText.Quote(name));

    [Theory]
    [InlineData("it's", "'it\\'s'")]
    [InlineData("\\'", "'\\\\\\''")]
    public void A_text_ends_where_it_ends(string text, string literal) => Assert.Equal(literal, ClickHouseText.Literal(text));

    [Theory]
    [InlineData("")]
    [InlineData("a\tb\nc\rd\\e\0f'g")]
    [InlineData("\\N")]
    [InlineData("\\n")]
    public void What_is_escaped_comes_back(string text) => Assert.Equal(text, ClickHouseText.Unescape(ClickHouseText.Escape(text)));

    [Fact]
    public void Null_is_not_the_text_that_stands_for_it() => Assert.Null(ClickHouseText.Unescape("\\N"));
}
