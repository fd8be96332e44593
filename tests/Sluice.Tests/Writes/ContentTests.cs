using System.Text.Json.Nodes;
using Sluice.Tests.Simulator;
using Xunit;

namespace Sluice.Tests.Writes;

/// <summary>Contents of messages, which a PUT overwrites: what is not set stays, whether or not Customer.io keeps what is left out.</summary>
public sealed class ContentTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Contents_are_changed_and_the_rest_of_them_stays(bool overwrites)
    {
        await using var bench = await StatementBench.StartAsync(SimulatorHarness.Small with { OverwritesContents = overwrites });
        var before = Contents(bench).ToDictionary(one => one.Key, one => one.Value.ToJsonString());

        await bench.DoAsync("UPDATE campaign_actions SET preheader_text = 'p' WHERE type = 'email'");
        await bench.DoAsync(
            "UPDATE broadcast_actions SET body = body || ' b' WHERE type IN ('email', 'webhook') AND editor IS DISTINCT FROM 'drag-and-drop'");
        await bench.DoAsync("UPDATE newsletter_contents SET subject = 's' WHERE type = 'email'");
        await bench.DoAsync("UPDATE transactional_contents SET subject = 't', reply_to_id = NULL WHERE type = 'email'");

        foreach (var (name, after) in Contents(bench))
        {
            var former = JsonNode.Parse(before[name])!.AsObject();
            foreach (var (key, value) in after.Where(value => value.Key is not ("updated" or "deduplicate_id")))
            {
                Assert.True(JsonNode.DeepEquals(former[key], value) || IsSet(name, after, key), $"{name} {key}: {former[key]} → {value}");
            }
        }

        Assert.Equal("p", await bench.AskAsync("SELECT DISTINCT preheader_text FROM campaign_actions WHERE type = 'email'"));
        Assert.Equal("t", await bench.AskAsync("SELECT DISTINCT subject FROM transactional_contents WHERE type = 'email'"));
    }

    [Fact]
    public async Task A_recipient_that_is_shown_blank_is_not_written_back()
    {
        await using var bench = await StatementBench.StartAsync();
        foreach (var action in bench.World.Campaigns.Values.SelectMany(one => one.Actions.Rows).Where(one => Type(one) == "twilio"))
        {
            action["recipient"] = "{{customer.phone}}";
        }

        await bench.DoAsync("UPDATE campaign_actions SET body = 'short' WHERE type = 'twilio'");

        Assert.All(
            bench.World.Campaigns.Values.SelectMany(one => one.Actions.Rows).Where(one => Type(one) == "twilio"),
            action => Assert.Equal(("{{customer.phone}}", "short"), (action["recipient"]!.GetValue<string>(), action["body"]!.GetValue<string>())));
    }

    [Fact]
    public async Task A_state_of_sending_is_only_written_where_it_is_set()
    {
        await using var bench = await StatementBench.StartAsync();
        var states = bench.World.Campaigns.Values.SelectMany(one => one.Actions.Rows).Select(one => one["sending_state"]?.ToString()).ToList();

        await bench.DoAsync("UPDATE campaign_actions SET body = 'x' WHERE type = 'webhook'");
        Assert.Equal(states, bench.World.Campaigns.Values.SelectMany(one => one.Actions.Rows).Select(one => one["sending_state"]?.ToString()));
        await bench.DoAsync("UPDATE campaign_actions SET sending_state = 'off' WHERE type = 'webhook'");

        Assert.Equal("off", await bench.AskAsync("SELECT DISTINCT sending_state FROM campaign_actions WHERE type = 'webhook'"));
    }

    [Fact]
    public async Task Headers_are_written_in_the_form_that_each_channel_takes()
    {
        await using var bench = await StatementBench.StartAsync();

        await bench.DoAsync("UPDATE campaign_actions SET headers = '[{\"name\":\"X-A\",\"value\":\"1\"}]' WHERE type IN ('email', 'webhook')");

        Assert.Equal(
            "1", await bench.AskAsync("SELECT DISTINCT headers::JSON->0->>'value' FROM campaign_actions WHERE type IN ('email', 'webhook')"));
    }

    [Theory]
    [InlineData("campaign_actions", "subject", "type = 'email'")]
    [InlineData("transactional_contents", "body", "type = 'email'")]
    [InlineData("newsletter_contents", "body", "type = 'push'")]
    [InlineData("snippets", "value", "name <> ''")]
    [InlineData("reporting_webhooks", "name", "id > 0")]
    [InlineData("collections", "name", "id = 1")]
    public async Task What_was_overwritten_is_written_back(string table, string column, string where)
    {
        await using var bench = await StatementBench.StartAsync();
        var sql = $"SELECT {column} FROM {table} WHERE {where} ORDER BY ALL";
        var before = await bench.AskAsync(sql);
        await bench.DoAsync($"UPDATE {table} SET {column} = {column} || ' changed' WHERE {where}");
        Assert.NotEqual(before, await bench.AskAsync(sql));
        var id = bench.Journals.List()[0].Id;

        var shown = await bench.ToolAsync("writes", "undo", id, "--dry-run");
        Assert.True(shown.Code == 0, shown.Error);
        Assert.Matches($"  {column}: .* changed.* → ", shown.Out);
        Assert.DoesNotContain("NULL", shown.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("Note:", shown.Out, StringComparison.Ordinal);
        Assert.Matches("[1-9][0-9]* requests? made to read. Nothing was sent.\n$", shown.Out);
        Assert.NotEqual(before, await bench.AskAsync(sql));
        var undone = await bench.ToolAsync("writes", "undo", id);

        Assert.True(undone.Code == 0, undone.Error);
        Assert.Equal(before, await bench.AskAsync(sql));
        var again = await bench.ToolAsync("writes", "undo", id, "--dry-run");
        Assert.StartsWith("All of it is as it was before", again.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("campaign_actions", "subject", "id = 101")]
    [InlineData("snippets", "value", "name = 'address'")]
    [InlineData("collections", "name", "id = 1")]
    public async Task What_somebody_has_changed_since_is_written_over_only_by_who_agrees(string table, string column, string where)
    {
        await using var bench = await StatementBench.StartAsync();
        var sql = $"SELECT {column} FROM {table} WHERE {where}";
        var before = await bench.AskAsync(sql);
        await bench.DoAsync($"UPDATE {table} SET {column} = 'first' WHERE {where}");
        var id = bench.Journals.List()[0].Id;
        await bench.DoAsync($"UPDATE {table} SET {column} = 'second' WHERE {where}");

        var shown = await bench.ToolAsync("writes", "undo", id, "--dry-run");
        Assert.Contains($"  {column}: 'second' → '{before.Trim('"')[..5]}", shown.Out, StringComparison.Ordinal);
        Assert.Contains($" has another {column} than it was given: undo asks first, or needs --yes.", shown.Out, StringComparison.Ordinal);
        foreach (var refused in new[] { await bench.ToolAsync("writes", "undo", id), await bench.AnswerAsync("no\n", "writes", "undo", id) })
        {
            Assert.Equal(2, refused.Code);
            Assert.Contains($"1 row of {table} was changed since:", refused.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("second", refused.Error, StringComparison.Ordinal);
        }

        Assert.Equal("second", await bench.AskAsync(sql));
        Assert.Equal(0, (await bench.AnswerAsync("yes\n", "writes", "undo", id)).Code);
        Assert.Equal(before, await bench.AskAsync(sql));
        Assert.Equal(0, (await bench.ToolAsync("writes", "undo", bench.Journals.List()[0].Id)).Code);
        Assert.Equal("second", await bench.AskAsync(sql));
        Assert.Equal(0, (await bench.ToolAsync("writes", "undo", id, "--yes")).Code);
        Assert.Equal(before, await bench.AskAsync(sql));
    }

    [Fact]
    public async Task A_row_that_somebody_has_deleted_or_made_again_since_is_told()
    {
        await using var bench = await StatementBench.StartAsync();
        await bench.DoAsync("UPDATE snippets SET value = 'x' WHERE name = 'address'");
        var changed = bench.Journals.List()[0].Id;
        await bench.DoAsync("DELETE FROM snippets WHERE name = 'address'", 1);
        var deleted = bench.Journals.List()[0].Id;

        Assert.Contains("name=address is no longer there", (await bench.ToolAsync("writes", "undo", changed)).Error, StringComparison.Ordinal);
        await bench.DoAsync("INSERT INTO snippets(name, value) VALUES ('address', 'new')");
        Assert.Contains("name=address is there again", (await bench.ToolAsync("writes", "undo", deleted)).Error, StringComparison.Ordinal);
        Assert.Equal("new", await bench.AskAsync("SELECT value FROM snippets WHERE name = 'address'"));
    }

    [Fact]
    public async Task A_deleted_snippet_is_made_again_and_what_has_no_former_values_says_so()
    {
        await using var bench = await StatementBench.StartAsync();
        await bench.DoAsync("DELETE FROM snippets WHERE name = 'a/b c+d'", 1);
        Assert.Equal(0, (await bench.ToolAsync("writes", "undo", bench.Journals.List()[0].Id)).Code);
        Assert.Equal("needs encoding", await bench.AskAsync("SELECT value FROM snippets WHERE name = 'a/b c+d'"));

        await bench.DoAsync("UPDATE collections SET data = '[]' WHERE id = 1");
        var run = await bench.ToolAsync("writes", "undo", bench.Journals.List()[0].Id);

        Assert.Equal(2, run.Code);
        Assert.Contains("it holds no former values", run.Error, StringComparison.Ordinal);
    }

    private static bool IsSet(string name, JsonObject content, string key) => name.Split(' ')[0] switch
    {
        "campaign" => key == "preheader_text" && Type(content) == "email",
        "broadcast" => key == "body",
        "newsletter" => key == "subject" && Type(content) == "email",
        _ => key is "subject" or "reply_to_id" && Type(content) == "email",
    };

    private static string Type(JsonObject content) => content["type"]!.GetValue<string>();

    private static IEnumerable<KeyValuePair<string, JsonObject>> Contents(StatementBench bench) =>
        Named("campaign", bench.World.Campaigns.Values.SelectMany(one => one.Actions.Rows))
            .Concat(Named("broadcast", bench.World.Broadcasts.Values.SelectMany(one => one.Actions.Rows)))
            .Concat(Named("newsletter", bench.World.Newsletters.Values.SelectMany(one => one.Contents.Rows)))
            .Concat(Named("transactional", bench.World.Transactional.Values.SelectMany(one => one.Contents.Rows)));

    private static IEnumerable<KeyValuePair<string, JsonObject>> Named(string kind, IEnumerable<JsonObject> rows) =>
        rows.Select(row => KeyValuePair.Create($"{kind} {row["newsletter_id"]} {row["id"]}", row));
}
