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
    public void What_is_still_too_wide_wraps_its_last_column_between_words()
    {
        var table = new TextTable("name", "what it is for");
        table.Add("pencil", "writes what can be rubbed out again by the gum below");
        table.Add("gum", "rubs out");

        Assert.Equal(
            """
            name    what it is for
            ------  ------------------------------
            pencil  writes what can be rubbed out
                    again by the gum below
            gum     rubs out

            """.ReplaceLineEndings("\n"),
            table.Within(38));
    }

    [Fact]
    public void Where_the_last_column_alone_is_not_enough_other_texts_wrap_too()
    {
        var table = new TextTable("option", "takes", ">cost", "what it does");
        table.Add("zone", "one of here, there, everywhere, nowhere", "1,200", "says where a day begins, and with it where it ends");

        var lines = table.Within(70).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.All(lines, line => Assert.True(line.Length <= 70, line));
        Assert.Equal(4, lines.Length);
        Assert.Contains("1,200", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public void A_word_longer_than_its_column_is_cut_and_goes_on_below()
    {
        var table = new TextTable("name", "address");
        table.Add("one", "https://example.test/a/path/without/any/space");

        var lines = table.Within(36).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.All(lines, line => Assert.True(line.Length <= 36, line));
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
