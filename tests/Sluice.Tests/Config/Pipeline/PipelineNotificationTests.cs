using Sluice.Settings.Pipelines;
using Xunit;

namespace Sluice.Tests.Config.Pipeline;

/// <summary>The channels of a pipeline file.</summary>
public sealed class PipelineNotificationTests
{
    private const string Head = """
        version: 1
        workspaces: {main: {app_api_key: "${KEY}"}}
        destinations: {w: "duckdb:///crm.duckdb"}
        syncs: {a: {tables: campaigns}}
        notifications:

        """;

    [Fact]
    public void A_channel_has_all_that_is_said_of_it()
    {
        var file = Read(Head + """
              team: {slack: "${SLACK_URL}", on: [failing, late], for: a}
              people: {email: [ann@example.com, bob@example.com], from: sluice@example.com, smtp: "smtp://mail.example.com"}
              pager: {webhook: "https://example.com/x", signing_key: "${SIGNING_KEY}"}
            """);

        Assert.Empty(file.ValidationErrors);
        Assert.Equal(["team Slack", "people Email", "pager Webhook"], file.Channels.Select(channel => $"{channel.Name} {channel.Kind}"));
        Assert.Equal([ChannelEvent.Failing, ChannelEvent.Late], file.Channels[0].On);
        Assert.Equal(["a"], file.Channels[0].For);
        Assert.Equal(("https://value-of-SLACK_URL", "smtp://mail.example.com"), (file.Channels[0].Address, file.Channels[1].Address));
        Assert.Equal([ChannelEvent.Failing, ChannelEvent.Late, ChannelEvent.Recovered], file.Channels[1].On);
        Assert.Equal(["ann@example.com", "bob@example.com"], file.Channels[1].To);
        Assert.Equal("https://value-of-SIGNING_KEY", file.Channels[2].SigningKey);
    }

    [Theory]
    [InlineData("t: {}", "The key slack is missing in the channel t.")]
    [InlineData("t: {email: ann@example.com}", "The key from is missing in the channel t.")]
    [InlineData("t: {webhook: \"https://example.com\"}", "The key signing_key is missing in the channel t.")]
    [InlineData("t: {slack: \"https://e.com/x\", webhook: \"https://e.com\", signing_key: 0123456789abcdef}", "The channel t has slack and webhook.")]
    [InlineData("t: {slack: \"https://e.com/x\", for: [b]}", "There is no sync and no push 'b'.")]
    [InlineData("t: {slack: \"https://e.com/x\", on: [broken]}", "can't be 'broken'.")]
    [InlineData("t: {slack: hooks.example.com}", "slack is no address that begins with https:// or http://.")]
    [InlineData("t: {email: \"a@b.c, d@e.f\", from: a@b.c, smtp: \"smtp://h\"}", "email can't be 'a@b.c, d@e.f'.")]
    [InlineData("t: {email: \"a@b.c\\r\\nBcc: d@e.f\", from: a@b.c, smtp: \"smtp://h\"}", "email can't be")]
    [InlineData("t: {webhook: \"https://e.com\", signing_key: short}", "signing_key is shorter than 16 characters.")]
    public void What_a_channel_lacks_or_has_too_much_is_told(string channel, string problem) =>
        Assert.Contains(Read($"{Head}  {channel}\n").ValidationErrors, error => error.Message.Contains(problem, StringComparison.Ordinal));

    [Fact]
    public void What_only_channels_need_may_be_missing_in_a_run_by_hand()
    {
        var file = Read(Head + "  team: {slack: \"${NOT_SET}\"}\n", name => name == "NOT_SET" ? null : "value");

        Assert.Empty(file.ValidationErrors);
        Assert.Null(Assert.Single(file.Channels).Address);
    }

    [Fact]
    public void Secrets_that_stand_in_the_file_are_warned_of()
    {
        var file = Read(Head + """
              team: {slack: "https://hooks.slack.com/services/T0/B0/verysecret"}
              people: {email: a@b.c, from: a@b.c, smtp: "smtp://u:verysecret@h"}
            """);

        Assert.Equal(2, file.Warnings.Count);
        Assert.DoesNotContain(file.Warnings, warning => $"{warning} {warning.Fix}".Contains("verysecret", StringComparison.Ordinal));
    }

    private static PipelineFile Read(string yaml, Func<string, string?>? variables = null) => new PipelineReader(new PipelineContext
    {
        Variables = variables ?? (name => $"https://value-of-{name}"),
        DestinationIdentity = uri => uri,
    }).Read("sluice.yaml", yaml);
}
