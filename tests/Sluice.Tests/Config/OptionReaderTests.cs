using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Settings;
using Xunit;

namespace Sluice.Tests.Config;

public sealed class OptionReaderTests
{
    [Theory]
    [InlineData("newsletter_metrics:hours", "24", "25", "2 to 24 hours")]
    [InlineData("newsletter_metrics:days", "45", "46", "2 to 45 days")]
    [InlineData("newsletter_metrics:weeks", "12", "13", "2 to 12 weeks")]
    [InlineData("newsletter_metrics:months", "121", "122", "2 to 121 months")]
    [InlineData("campaign_metrics:days", "2", "1", "2 to 3653 days")]
    [InlineData("campaign_metrics:days", "2", "0", "2 to 3653 days")]
    [InlineData("campaign_metrics:days", "3653", "3654", "2 to 3653 days")]
    [InlineData("campaign_action_metrics:months", "121", "122", "2 to 121 months")]
    [InlineData("campaign_metrics:days", "15", "many", "2 to 3653 days")]
    public void Steps_have_a_maximum_for_each_period_that_the_message_names(string table, string good, string bad, string range)
    {
        Assert.Equal([good], Read(table, $"steps={good}").All("steps"));
        Assert.Contains(range, Problem(table, $"steps={bad}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("messages", "type=emial", "can't be 'emial'")]
    [InlineData("messages", "drafts=perhaps", "true or false")]
    [InlineData("messages", "metric=opened,clicked", "takes one value")]
    [InlineData("messages", "campaign_id=x", "no whole number")]
    [InlineData("campaigns", "campaigns.type=email", "has no option 'type'")]
    public void What_a_table_does_not_take_is_a_mistake(string table, string word, string problem) =>
        Assert.Contains(problem, Problem(table, word), StringComparison.Ordinal);

    [Fact]
    public void Options_of_what_leads_to_a_table_are_taken_too() =>
        Assert.Equal("""{"segment":{"id":7}}""", Read("customer_attributes", """filter={"segment":{"id":7}}""").One("filter"));

    [Fact]
    public void Values_that_say_the_same_are_equal_in_any_order_of_names() =>
        Assert.Equal(Read("messages", "type=email", "drafts=true"), Read("messages", "drafts=TRUE", "type=Email"));

    private static string Problem(string table, string word) => Assert.Throws<SluiceException>(() => Read(table, word)).Message;

    private static OptionValues Read(string table, params string[] words)
    {
        var mistakes = new ValidationErrors();
        var values = new OptionReader(TableName.Parse(table, ResourceCatalog.Default), mistakes).Read(
            OptionWords.Read(new Said(IngestSettings.Options, words, mistakes)));
        mistakes.ThrowIfAny();
        return values;
    }
}
