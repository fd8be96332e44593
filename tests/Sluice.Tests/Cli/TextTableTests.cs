using Sluice.Cli.Output;
using Xunit;

namespace Sluice.Tests.Cli;

public sealed class TextTableTests
{
    [Fact]
    public void A_table_that_fits_is_the_same_in_a_terminal_and_in_a_file() => Assert.Equal(Things().ToString(), Things().Within(45, "cost"));

    [Fact]
    public void Columns_are_left_out_in_the_given_order_and_no_more_than_needed()
    {
        Assert.Equal("name    what it is", Things().Within(40, "cost", "name").Split('\n')[0].TrimEnd());
        Assert.Equal("what it is", Things().Within(30, "cost", "name").Split('\n')[0].TrimEnd());
    }

    [Fact]
    public void What_is_still_too_wide_wraps_its_last_column_between_words_and_loses_none()
    {
        var text = Things().Within(28, "cost");

        Assert.Equal(
            """
            name    what it is
            ------  --------------------
            pencil  writes and can be
                    rubbed out
            gum     rubs out

            """.ReplaceLineEndings("\n"),
            text);
    }

    [Fact]
    public void A_word_longer_than_its_column_is_cut_and_goes_on_below()
    {
        var table = new TextTable("name", "address");
        table.Add("one", "https://example.test/a/path/without/any/space");

        var lines = table.Within(30).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.All(lines, line => Assert.True(line.Length <= 30, line));
        Assert.Equal("https://example.test/a/path/without/any/space", string.Concat(lines.Skip(2).Select(line => line[5..].Trim())));
    }

    private static TextTable Things()
    {
        var table = new TextTable("name", ">cost", "what it is");
        table.Add("pencil", "1,200", "writes and can be rubbed out");
        table.Add("gum", "15", "rubs out");
        return table;
    }
}
