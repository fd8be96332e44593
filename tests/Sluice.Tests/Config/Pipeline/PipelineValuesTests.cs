using Xunit;

namespace Sluice.Tests.Config.Pipeline;

/// <summary>What YAML makes of words and numbers must surprise nobody.</summary>
public sealed class PipelineValuesTests
{
    [Theory]
    [InlineData("on", "on")]
    [InlineData("yes", "yes")]
    [InlineData("007", "007")]
    [InlineData("1_000", "1_000")]
    [InlineData("0x1F", "0x1F")]
    [InlineData("2024-01-01", "2024-01-01")]
    [InlineData("12:30:45", "12:30:45")]
    [InlineData("true", "true")]
    [InlineData("!!str 12", "12")]
    [InlineData("\"a b\"", "a b")]
    public void Text_is_what_stands_there(string yaml, string text) =>
        Assert.Equal(text, Assert.Single(PipelineBench.Tables($"    tables: [{{messages: {{as: {yaml}}}}}]")).Table);

    [Theory]
    [InlineData("true", true)]
    [InlineData("True", true)]
    [InlineData("\"true\"", true)]
    [InlineData("false", false)]
    public void Switches_are_true_or_false(string yaml, bool isOn) =>
        Assert.Equal(isOn, PipelineBench.Sync($"    allow_partial: {yaml}\n    tables: messages").Request.AllowPartial);

    [Theory]
    [InlineData("yes")]
    [InlineData("on")]
    [InlineData("1")]
    [InlineData("y")]
    public void Words_that_were_switches_once_are_refused(string yaml)
    {
        var file = PipelineBench.Read($"{PipelineBench.Head}  a: {{allow_partial: {yaml}, tables: messages}}\n");

        Assert.Contains($"allow_partial must be true or false, but is '{yaml}'.", PipelineBench.Words(file), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("30")]
    [InlineData("\"30\"")]
    public void Numbers_may_stand_in_quotes(string yaml) =>
        Assert.Equal(
            TimeSpan.FromDays(30), Assert.Single(PipelineBench.Tables($"    cutoff_days: {yaml}\n    tables: messages")).Settings.LookBack);

    [Theory]
    [InlineData("${NAME}", "people")]
    [InlineData("cio_${NAME}", "cio_people")]
    [InlineData("${NONE:-others}", "others")]
    [InlineData("${NAME:-others}", "people")]
    [InlineData("a$${NAME}", "a${NAME}")]
    [InlineData("$NAME", "$NAME")]
    public void Variables_stand_in_braces(string yaml, string text)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["KEY"] = "k1", ["SHOP_KEY"] = "k2", ["NAME"] = "people" };

        var file = PipelineBench.Good($"{PipelineBench.Head}  a: {{tables: [{{customers: {{as: \"{yaml}\"}}}}]}}\n", environment);

        Assert.Equal(text, file.Syncs[0].Request.Tables[0].Table);
    }

    [Fact]
    public void A_file_of_windows_reads_as_any_other() =>
        Assert.Single(PipelineBench.Good((PipelineBench.Head + "  a:\n    tables:\n      - campaigns\n").ReplaceLineEndings("\r\n")).Syncs);
}
