using System.Text;
using Sluice.CustomerIo;
using Xunit;

namespace Sluice.Tests.CustomerIo;

public sealed class JsonNumberTests
{
    [Theory]
    [InlineData("0", JsonKinds.Integer)]
    [InlineData("-0", JsonKinds.Integer)]
    [InlineData("9007199254740992", JsonKinds.Integer)]
    [InlineData("-9007199254740992", JsonKinds.Integer)]
    [InlineData("9007199254740993", JsonKinds.LongInteger)]
    [InlineData("-9223372036854775808", JsonKinds.LongInteger)]
    [InlineData("9223372036854775808", JsonKinds.BigNumber)]
    [InlineData("123456789012345678901234567890", JsonKinds.BigNumber)]
    [InlineData("0.1", JsonKinds.Fraction)]
    [InlineData("1E5", JsonKinds.Fraction)]
    [InlineData("-0.0", JsonKinds.Fraction)]
    [InlineData("0.000e99999999999999999999", JsonKinds.Fraction)]
    [InlineData("0.30000000000000004", JsonKinds.Fraction)]
    [InlineData("1.7976931348623157e308", JsonKinds.Fraction)]
    [InlineData("5e-324", JsonKinds.Fraction)]
    [InlineData("100000000000000000000000000000000000000.0", JsonKinds.Fraction)]
    [InlineData("3e-324", JsonKinds.BigNumber)]
    [InlineData("1e400", JsonKinds.BigNumber)]
    [InlineData("1e-400", JsonKinds.BigNumber)]
    [InlineData("1e99999999999999999999", JsonKinds.BigNumber)]
    [InlineData("0.10000000000000001", JsonKinds.BigNumber)]
    [InlineData("0.12345678901234567890123", JsonKinds.BigNumber)]
    public void A_number_is_of_the_kind_that_gives_it_back(string digits, JsonKinds kind) =>
        Assert.Equal(kind, JsonNumber.KindOf(Encoding.ASCII.GetBytes(digits)));

    [Theory]
    [InlineData("""[{"a":[{"b":[1,2.5]}]}]""", JsonKinds.Array)]
    [InlineData("""[{"a":[{"b":[1,0.12345678901234567890123]}]}]""", JsonKinds.Array | JsonKinds.BigNumberInside)]
    [InlineData("""[{"a":{"b":1e400},"c":2}]""", JsonKinds.Object | JsonKinds.BigNumberInside)]
    public void A_number_deep_inside_that_nothing_holds_is_told(string list, JsonKinds kinds)
    {
        var fields = PageParser.Parse(Encoding.UTF8.GetBytes(list), new PageShape()).Fields;
        Assert.Equal(kinds, fields["a"]);
    }
}
