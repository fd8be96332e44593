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
}
