using System.Text.Json;
using Sluice.Cli;
using Sluice.Cli.Output;
using Sluice.Engine.Runs;
using Xunit;

namespace Sluice.Tests.Cli;

public sealed class VisibleTextTests
{
    private const string Hostile = "a\u001b[2J\u009b31m\u007f\u0007\r\u202e\u2066\u2028é😀";

    [Fact]
    public void What_a_terminal_would_obey_is_shown_as_text_and_letters_stay()
    {
        Assert.Equal(@"a\x1b[2J\x9b31m\x7f\x07\x0d\u202e\u2066\u2028é😀", VisibleText.Lines(Hostile));
        Assert.Equal("a\nb", VisibleText.Lines("a\nb"));
        Assert.Equal(@"a\x0ab\x09", VisibleText.Line("a\nb\t"));
    }

    [Fact]
    public void Json_stays_the_same_value_and_says_nothing_to_a_terminal()
    {
        using var text = new StringWriter();
        using var shown = new VisibleWriter(text);
        shown.WriteLine(JsonOutput.Write(writer => writer.WriteStringValue(Hostile)));

        Assert.DoesNotContain(text.ToString().TrimEnd('\r', '\n'), char.IsControl);
        Assert.DoesNotContain('\u202e', text.ToString());
        Assert.Equal(Hostile, JsonSerializer.Deserialize<string>(text.ToString()));
    }

    [Fact]
    public void A_cell_of_a_table_is_one_line_of_the_width_that_is_seen()
    {
        var table = new TextTable("a", "b");
        table.Add("\u001b\n", "x");

        Assert.Equal(["a         b", "--------  -", @"\x1b\x0a  x"], table.ToString().TrimEnd().Split('\n'));
    }

    [Theory]
    [InlineData("inge\u001b[31mst")]
    [InlineData("ingest", "--tabl\u001b[31me", "x")]
    [InlineData("ingest", "--source-table", "camp\u001b[31maigns")]
    [InlineData("ingest", "--source-table", "camp\u001b[31maigns", "--log-format", "json")]
    public async Task No_error_gives_arguments_to_the_terminal_as_they_are(params string[] arguments)
    {
        var run = await new ToolHarness().RunAsync(arguments);

        Assert.Equal(ExitCode.Config, run.Code);
        Assert.Contains("[31m", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', run.Out + run.Error);
    }
}
