using Sluice.Cli;
using Sluice.Engine;
using Sluice.Tests.DuckDb;
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
    public async Task A_file_that_is_there_and_can_t_be_read_is_an_error_with_its_name_and_a_missing_one_is_none()
    {
        var folder = Directory.CreateTempSubdirectory("sluice-env-");
        try
        {
            var path = Path.Combine(folder.FullName, ".env");
            Assert.Empty(DotEnv.Read(path));
            await File.WriteAllTextAsync(path, "A=b\r\nC=d\n", TestContext.Current.CancellationToken);
            Assert.Equal(["A=b", "C=d"], DotEnv.Read(path).Select(setting => $"{setting.Key}={setting.Value}"));

            await File.AppendAllTextAsync(path, new string('x', 1_000_000), TestContext.Current.CancellationToken);
            Refused(path, "more than 1000000 characters");

            File.Delete(path);
            Directory.CreateDirectory(path);
            Refused(path, "is a folder");
            Directory.Delete(path);
            if (!OperatingSystem.IsWindows())
            {
                await NamedPipe.MakeAsync(path);
                Refused(path, "is a named pipe");
                File.Delete(path);
                File.CreateSymbolicLink(path, "/dev/zero");
                Refused(path, "is a device");
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void The_environment_goes_before_the_file_but_not_when_it_is_empty()
    {
        var file = DotEnv.Parse(["A=file", "B=file", "C=file"]);
        var settings = new SettingsLookup(name => name == "A" ? "environment" : name == "B" ? "" : null, file);

        Assert.Equal((false, true, true, null), (settings.IsOfFile("A"), settings.IsOfFile("B"), settings.IsOfFile("C"), settings.IsOfFile("D")));
        Assert.Equal(("environment", "file", "file", null), (settings.Find("A"), settings.Find("B"), settings.Find("C"), settings.Find("D")));
    }

    private static void Refused(string path, string words)
    {
        var error = Assert.Throws<SluiceException>(() => DotEnv.Read(path));
        Assert.Equal(SluiceErrorKind.Config, error.Kind);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }
}
