using Sluice.Engine.Catalog;
using Xunit;

namespace Sluice.Tests.Catalog;

public sealed class TableNameTests
{
    [Theory]
    [InlineData("campaigns", "campaigns", "campaigns")]
    [InlineData("campaign_metrics:days", "campaign_metrics:days", "campaign_metrics_days")]
    [InlineData(" Campaign_Metrics : WEEKS ", "campaign_metrics:weeks", "campaign_metrics_weeks")]
    public void A_name_is_read_in_any_case(string text, string written, string identifier)
    {
        var name = TableName.Parse(text, ResourceCatalog.Default);
        Assert.Equal(written, name.ToString());
        Assert.Equal(identifier, name.TableIdentifier);
    }

    [Theory]
    [InlineData("campaigs", "There is no table 'campaigs'. Did you mean campaigns? `sluice tables` lists them.")]
    [InlineData("qqqqqqqqqq:days", "There is no table 'qqqqqqqqqq'. `sluice tables` lists them.")]
    [InlineData("", "A table's name is missing. `sluice tables` lists them.")]
    [InlineData("campaign_metrics",
        "The table campaign_metrics needs a period, hours, days, weeks or months: write for example campaign_metrics:days.")]
    [InlineData("campaign_metrics:",
        "The table campaign_metrics needs a period, hours, days, weeks or months: write for example campaign_metrics:days.")]
    [InlineData("campaign_metrics:daily", "The period 'daily' of the table campaign_metrics is unknown: it can be hours, days, weeks or months.")]
    [InlineData("campaigns:days", "The table campaigns takes no period: write campaigns without ':days'.")]
    [InlineData("campaigns:", "The table campaigns takes no period: write campaigns without ':'.")]
    public void A_name_that_is_not_a_tables_says_what_to_write_instead(string text, string expected)
    {
        Assert.False(TableName.TryParse(text, ResourceCatalog.Default, out var name, out var problem));
        Assert.Null(name);
        Assert.Equal(expected, problem);
        Assert.Equal(expected, Assert.Throws<FormatException>(() => TableName.Parse(text, ResourceCatalog.Default)).Message);
    }

    [Fact]
    public void A_written_name_is_read_back() =>
        Assert.All(ResourceCatalog.Default.Tables, table => Assert.Equal(table, TableName.Parse(table.ToString(), ResourceCatalog.Default)));
}
