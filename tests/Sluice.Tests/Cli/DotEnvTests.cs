using Sluice.Cli;
using Xunit;

namespace Sluice.Tests.Cli;

public sealed class DotEnvTests
{
    [Theory]
    [InlineData("A=b", "b")]
    [InlineData("  A = b  ", "b")]
    [InlineData("export A=b", "b")]
    [InlineData("A=\"b # c\"", "b # c")]
    [InlineData("A='b' # c", "b")]
    [InlineData("A=b # c", "b")]
    [InlineData("A=b#c=d", "b#c=d")]
    [InlineData("A=\"b", "\"b")]
    public void A_line_gives_its_value(string line, string value) => Assert.Equal(value, DotEnv.Parse([line])["A"]);

    [Theory]
    [InlineData("# A=b")]
    [InlineData("A")]
    [InlineData("=b")]
    [InlineData("")]
    public void What_is_no_setting_is_left_out(string line) => Assert.Empty(DotEnv.Parse([line]));

    [Fact]
    public void The_environment_goes_before_the_file_but_not_when_it_is_empty()
    {
        var file = DotEnv.Parse(["A=file", "B=file", "C=file"]);
        var settings = new SettingsLookup(name => name == "A" ? "environment" : name == "B" ? "" : null, file);

        Assert.Equal((false, true, true, null), (settings.IsOfFile("A"), settings.IsOfFile("B"), settings.IsOfFile("C"), settings.IsOfFile("D")));
        Assert.Equal(("environment", "file", "file", null), (settings.Find("A"), settings.Find("B"), settings.Find("C"), settings.Find("D")));
    }
}
