using Sluice.Engine;
using Sluice.Engine.Runs;
using Sluice.Settings;
using Xunit;

namespace Sluice.Tests.Config;

/// <summary>How metrics are asked for: in a zone, of a channel, with unique clicks.</summary>
public sealed class MetricsOptionTests
{
    [Theory]
    [InlineData("Europe/Berlin", "Europe/Berlin")]
    [InlineData("UTC", "UTC")]
    public void A_zone_is_asked_for_by_its_iana_name_and_is_a_question_of_its_own(string said, string zone)
    {
        var job = Job("campaign_metrics:days", words => words.Say("--timezone", said));
        Assert.Equal(zone, job.Resource.Query["tz"]);
        Assert.Equal($"campaign_metrics:days?timezone={zone}", job.Question);
    }

    [Fact]
    public void The_zone_of_a_table_by_default_is_no_other_question()
    {
        var job = Job("campaign_action_metrics:days", words => words.Say("--timezone", "America/Panama"));
        Assert.Equal("campaign_action_metrics:days", job.Question);
        Assert.Equal("America/Panama", job.Resource.Query["tz"]);
    }

    [Fact]
    public void A_zone_holds_for_the_tables_that_take_one_and_an_option_of_a_table_goes_before_it()
    {
        var request = Read(
            new SettingWords()
                .Say("--source-table", "campaign_metrics:days,campaign_action_metrics:days,newsletter_metrics:days")
                .Say("--timezone", "Asia/Tokyo")
                .Say("--option", "campaign_action_metrics.timezone=Asia/Kolkata"));
        Assert.Equal(["Asia/Tokyo", "Asia/Kolkata", null], request.Tables.Select(job => job.Options.One("timezone")));
    }

    [Theory]
    [InlineData("campaign_metrics:days", "Europe/Berlim", "Europe/Berlin")]
    [InlineData("campaign_metrics:days", "Central Time", "this system knows no time zone 'Central Time'")]
    [InlineData("newsletter_metrics:days,campaigns", "Europe/Berlin", "None of the tables can be asked for in a time zone")]
    public void A_zone_that_is_none_or_that_no_table_takes_is_a_mistake(string tables, string zone, string told)
    {
        var error = Assert.Throws<SluiceException>(() => Read(new SettingWords().Say("--source-table", tables).Say("--timezone", zone)));
        Assert.Equal(SluiceErrorKind.Config, error.Kind);
        Assert.Contains(told, $"{error.Message} {error.Hint}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("campaign_metrics:days", "whatsapp", "inbox")]
    [InlineData("campaign_action_metrics:days", "live_notification", "urban_airship")]
    [InlineData("broadcast_metrics:days", "slack", "urban_airship")]
    [InlineData("campaign_action_link_metrics:days", "push", "urban_airship")]
    [InlineData("newsletter_metrics:days", "inbox", "whatsapp")]
    [InlineData("newsletter_content_link_metrics:days", "inbox", "slack")]
    public void Each_kind_of_sender_has_its_own_channels(string table, string taken, string refused)
    {
        Assert.Equal(taken, Job(table, words => words.Say("--option", $"metric_type={taken}")).Options.One("metric_type"));
        Assert.Throws<SluiceException>(() => Job(table, words => words.Say("--option", $"metric_type={refused}")));
    }

    [Fact]
    public void Unique_clicks_of_the_links_of_campaign_actions_are_asked_for_beside_a_channel()
    {
        var job = Job("campaign_action_link_metrics:days", words => words.Say("--option", ["unique_links=true", "metric_type=email"]));
        Assert.Equal(("true", "email"), (job.Resource.Query["unique"], job.Resource.Query["type"]));
        Assert.Throws<SluiceException>(() => Job("broadcast_action_link_metrics:days", words => words.Say("--option", "unique_links=true")));
    }

    private static TableJob Job(string table, Func<SettingWords, SettingWords> say) =>
        Assert.Single(Read(say(new SettingWords().Say("--source-table", table))).Tables);

    private static IngestRequest Read(SettingWords settings)
    {
        var mistakes = new ValidationErrors();
        var request = IngestRequestReader.Read(settings, "pair", mistakes);
        mistakes.ThrowIfAny();
        return request;
    }
}
