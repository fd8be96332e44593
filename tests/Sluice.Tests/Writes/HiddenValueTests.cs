using Sluice.Tests.Cli;
using Xunit;

namespace Sluice.Tests.Writes;

/// <summary>Columns that are not shown as they are: what is hidden of them is not lost with a value that is made of what is shown.</summary>
public sealed class HiddenValueTests : IAsyncLifetime
{
    private const string Secret = "https://u:p@example.com/h?token=s";

    private StatementBench _bench = null!;

    public async ValueTask InitializeAsync() => _bench = await StatementBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Theory]
    [InlineData("UPDATE reporting_webhooks SET endpoint = endpoint || '&v=2' WHERE name = 'w'")]
    [InlineData("UPDATE reporting_webhooks SET endpoint = replace(endpoint, 'example.com', 'example.org') WHERE name = 'w'")]
    [InlineData("UPDATE reporting_webhooks w SET endpoint = x.e FROM (SELECT id, endpoint || '/' e FROM ReportingWebhooks) x WHERE w.id = x.id")]
    [InlineData("MERGE INTO reporting_webhooks w USING (SELECT 'w' n) s ON w.name = s.n WHEN MATCHED THEN UPDATE SET endpoint = w.endpoint || '/'")]
    [InlineData("INSERT INTO reporting_webhooks(name, endpoint, events) SELECT 'copy', endpoint, events FROM ReportingWebhooks")]
    public async Task An_address_of_which_parts_are_hidden_is_not_written_without_them(string sql)
    {
        await MakeAsync();

        var run = await _bench.ToolAsync("query", sql, "--yes");

        Assert.Equal(2, run.Code);
        Assert.Contains("endpoint would get ***, which stands for what is not shown of it: set it whole", run.Error, StringComparison.Ordinal);
        Assert.Contains("Nothing was sent", run.Error, StringComparison.Ordinal);
        Assert.Equal([Secret], _bench.World.Settings.ReportingWebhooks.Rows.Where(IsOurs).Select(row => row["endpoint"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("'https://example.org/new'", "https://example.org/new")]
    [InlineData("split_part(endpoint, '?', 1)", null)]
    [InlineData("replace(replace(endpoint, '***@', ''), '=***', '=t')", "https://example.com/h?token=t")]
    public async Task An_address_that_is_whole_is_written_however_it_was_made(string expression, string? expected)
    {
        await MakeAsync();

        var run = await _bench.ToolAsync("query", $"UPDATE reporting_webhooks SET endpoint = {expression} WHERE name = 'w'");

        Assert.Equal(expected is null ? 2 : 0, run.Code);
        Assert.Equal(expected ?? Secret, _bench.World.Settings.ReportingWebhooks.Rows.Single(IsOurs)["endpoint"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("UPDATE campaign_actions SET recipient = recipient || ',x' WHERE type = 'twilio'")]
    [InlineData("UPDATE campaign_actions a SET body = 'b', recipient = CASE WHEN true THEN a.recipient || 'x' END WHERE type = 'twilio'")]
    [InlineData("UPDATE campaign_actions SET recipient = s.r FROM (SELECT recipient || 'x' r FROM campaign_actions) s WHERE type = 'twilio'")]
    public async Task A_recipient_that_is_shown_blank_is_not_computed_from_nothing(string sql)
    {
        var actions = Blank();

        var run = await _bench.ToolAsync("query", sql, "--yes");

        Assert.Equal(2, run.Code);
        Assert.Contains("recipient is shown blank, so that nothing can be computed from it: set it whole", run.Error, StringComparison.Ordinal);
        Assert.All(actions, action => Assert.Equal("{{customer.phone}}", action["recipient"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("UPDATE campaign_actions SET recipient = '+1' WHERE type = 'twilio' AND recipient = ''")]
    [InlineData("UPDATE campaign_actions a SET recipient = n.recipient FROM (VALUES ('twilio', '+1')) n(type, recipient) WHERE a.type = n.type")]
    public async Task A_recipient_that_is_set_whole_is_written(string sql)
    {
        var actions = Blank();

        await _bench.DoAsync(sql);

        Assert.All(actions, action => Assert.Equal("+1", action["recipient"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("UPDATE customers SET unsubscribed = true WHERE id = '1'")]
    [InlineData("DELETE FROM SegmentMembers WHERE segment_id = 7")]
    [InlineData("CALL TrackEvent('x', (SELECT max(id) FROM customers))")]
    public async Task A_missing_Track_key_is_told_before_rows_are_read(string sql)
    {
        var run = await WithKeysAsync(sql, ("CUSTOMERIO_APP_API_KEY", "sim-app-key"));

        Assert.Equal((2, ""), (run.Code, run.Out));
        Assert.Contains("There is no Track API key", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_App_key_is_told_before_rows_are_read()
    {
        var run = await WithKeysAsync(
            "UPDATE snippets SET value = 'x' WHERE name = 'address'",
            ("CUSTOMERIO_SITE_ID", "sim-site"), ("CUSTOMERIO_TRACK_API_KEY", "sim-track-key"));

        Assert.Equal(2, run.Code);
        Assert.Contains("There is no App API key", run.Error, StringComparison.Ordinal);
    }

    private static bool IsOurs(System.Text.Json.Nodes.JsonObject row) => row["name"]!.GetValue<string>() is "w" or "copy";

    // Nobody listens there: a request would end with another exit code.
    private Task<(int Code, string Out, string Error)> WithKeysAsync(string sql, params (string Name, string Value)[] keys) => new ToolHarness(
        keys.Append(("CUSTOMERIO_BASE_URL", "http://127.0.0.1:9/")).ToDictionary(one => one.Item1, one => one.Item2, StringComparer.Ordinal))
    { Folder = _bench.Folder }.RunAsync("query", sql, "--yes");

    private async Task MakeAsync() => await _bench.DoAsync(
        $"INSERT INTO reporting_webhooks(name, endpoint, events) VALUES ('w', '{Secret}', '[\"email_sent\"]')");

    private List<System.Text.Json.Nodes.JsonObject> Blank()
    {
        var actions = _bench.World.Campaigns.Values.SelectMany(one => one.Actions.Rows)
            .Where(one => one["type"]!.GetValue<string>() == "twilio").ToList();
        foreach (var action in actions)
        {
            action["recipient"] = "{{customer.phone}}";
        }

        return actions;
    }
}
