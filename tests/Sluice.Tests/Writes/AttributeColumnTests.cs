using System.Text.Json;
using Xunit;

namespace Sluice.Tests.Writes;

/// <summary>Attributes of people that statements set by columns.</summary>
public sealed class AttributeColumnTests : IAsyncLifetime
{
    private const string AsNew =
        "'n' AS id, NULL AS email, NULL AS attributes, NULL AS cio_id, NULL AS timestamps, NULL AS devices, NULL AS identifiers";

    private StatementBench _bench = null!;

    public async ValueTask InitializeAsync()
    {
        _bench = await StatementBench.StartAsync();
        await _bench.DoAsync(
            "INSERT INTO customers(id, email, attributes) VALUES "
            + "('p', 'p@example.com', '{\"tier\":\"pro\",\"score\":5,\"vip\":true,\"First name\":\"Jo\"}')");
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Theory]
    [InlineData("UPDATE customers SET tier = 'gold' WHERE id = 'p'", "{\"tier\":\"gold\"}")]
    [InlineData("UPDATE customers SET score = 6, vip = false WHERE id = 'p'", "{\"score\":6,\"vip\":false}")]
    [InlineData("UPDATE customers SET score = score::INTEGER + 1 WHERE tier = 'pro'", "{\"score\":6}")]
    [InlineData("UPDATE customers SET score = '6', \"First name\" = upper(\"First name\") WHERE id = 'p'", "{\"score\":\"6\",\"First name\":\"JO\"}")]
    [InlineData("UPDATE customers c SET tier = CASE WHEN c.vip = 'true' THEN c.tier || '+' END WHERE c.id = 'p'", "{\"tier\":\"pro\\u002B\"}")]
    [InlineData("UPDATE customers SET tier = NULL WHERE id = 'p'", "{\"tier\":\"\"}")]
    [InlineData("UPDATE customers SET tier = s.t FROM (VALUES ('p', 'x')) s(i, t) WHERE id = s.i", "{\"tier\":\"x\"}")]
    [InlineData("UPDATE customers SET score = {'a': [1, 2]} WHERE id = 'p'", "{\"score\":{\"a\":[1,2]}}")]
    [InlineData("UPDATE customers SET tier = 'gold', unsubscribed = true WHERE id = 'p'", "{\"unsubscribed\":true,\"tier\":\"gold\"}")]
    [InlineData("UPDATE customers SET tier = 'pro', score = 5, vip = true WHERE id = 'p'", null)]
    [InlineData("MERGE INTO customers USING (VALUES ('p', 7)) s(i, n) ON id = s.i WHEN MATCHED THEN UPDATE SET score = s.n", "{\"score\":7}")]
    [InlineData("UPDATE customers SET (tier, score) = ('gold', 6) WHERE id = 'p'", "{\"score\":6,\"tier\":\"gold\"}")]
    [InlineData(
        "UPDATE customers SET (vip, score) = ROW(false, score::INTEGER + 1), tier = 'x' WHERE id = 'p'",
        "{\"score\":6,\"tier\":\"x\",\"vip\":false}")]
    [InlineData(
        "MERGE INTO customers c USING (SELECT 'p' AS id, 7 AS score, true AS vip) s USING (id) WHEN MATCHED THEN UPDATE BY NAME",
        "{\"score\":7}")]
    [InlineData(
        "MERGE INTO customers USING (VALUES ('p', 7)) AS s(id, score) USING (id) WHEN MATCHED AND s.score > 6 THEN UPDATE BY NAME",
        "{\"score\":7}")]
    [InlineData("WITH w AS (SELECT 'p' AS id, 7 AS score) MERGE INTO customers USING w USING (id) WHEN MATCHED THEN UPDATE BY NAME", "{\"score\":7}")]
    public async Task An_update_sends_them_with_their_types(string sql, string? expected)
    {
        var sent = Sent(await DryAsync(sql));

        Assert.Equal(expected is null ? null : Sorted(expected), sent is null ? null : Sorted(sent.Value.GetProperty("attributes").GetRawText()));
    }

    [Theory]
    [InlineData("INSERT INTO customers(id, tier, score) VALUES ('n', 'x', 1)", "{\"score\":1,\"tier\":\"x\"}")]
    [InlineData("INSERT INTO customers(id, tier, vip) SELECT 'n', 'x', true", "{\"tier\":\"x\",\"vip\":true}")]
    [InlineData("INSERT INTO customers BY NAME SELECT 'n' AS id, 2.5 AS score", "{\"score\":2.5}")]
    [InlineData("WITH s AS (SELECT 2 AS n) INSERT INTO customers(id, score, tier) SELECT 'n', n, NULL FROM s", "{\"score\":2}")]
    [InlineData("INSERT INTO customers AS c (id, attributes, tier) VALUES ('n', '{\"a\":1}', 'x')", "{\"tier\":\"x\",\"a\":1}")]
    [InlineData("MERGE INTO customers USING (VALUES ('n', 7)) s(i, n) ON id = i WHEN NOT MATCHED THEN INSERT (id, vip) VALUES (i, n)", "{\"vip\":7}")]
    [InlineData(
        "MERGE INTO customers USING (SELECT 'n' AS id, 2.5 AS score, true AS vip) USING (id) WHEN NOT MATCHED THEN INSERT BY NAME",
        "{\"score\":2.5,\"vip\":true}")]
    [InlineData(
        "MERGE INTO customers USING (SELECT 'n' AS id, '7' AS score) s USING (id) WHEN NOT MATCHED THEN INSERT BY NAME *",
        "{\"score\":\"7\"}")]
    [InlineData(
        "MERGE INTO customers USING (SELECT * REPLACE (" + AsNew + ") FROM customers WHERE score = '5') s "
            + "ON customers.id = s.id WHEN NOT MATCHED THEN INSERT *",
        "{\"score\":\"5\",\"unsubscribed\":false}")]
    [InlineData(
        "INSERT INTO customers SELECT * REPLACE (" + AsNew + ") FROM customers WHERE score = '5'",
        "{\"score\":\"5\",\"unsubscribed\":false}")]
    public async Task An_insert_sends_them_with_their_types(string sql, string expected)
    {
        var sent = Sent(await DryAsync(sql))!.Value;

        Assert.Equal("n", sent.GetProperty("identifiers").GetProperty("id").GetString());
        Assert.Equal(Sorted(expected), Sorted(sent.GetProperty("attributes").GetRawText()));
    }

    [Fact]
    public async Task Whole_rows_of_several_tables_are_refused_with_a_way_to_write_it()
    {
        const string Source = "(SELECT 'p' AS id, 7 AS score) a JOIN (SELECT false AS vip) b ON true";
        var run = await _bench.ToolAsync("query", $"MERGE INTO customers USING {Source} ON customers.id = a.id WHEN MATCHED THEN UPDATE BY NAME");

        Assert.Equal(2, run.Code);
        Assert.Contains("of which it can't be told which columns they have: nothing was sent", run.Error, StringComparison.Ordinal);
        Assert.Contains("USING (SELECT … FROM … JOIN …) s ON …", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task They_arrive_and_RETURNING_shows_them()
    {
        Assert.Equal(
            "id,tier,score,s\np,gold,6,6\n",
            await _bench.DoAsync(
                "UPDATE customers SET tier = 'gold', score = 6 WHERE id = 'p' RETURNING id, tier, score, attributes->>'score' AS s"));
        Assert.Equal("gold,6,true", await _bench.AskAsync("SELECT tier, score, vip FROM customers WHERE id = 'p'"));
        Assert.Equal(
            "tier\nsilver\n",
            await _bench.DoAsync(
                "UPDATE customers SET attributes = json_merge_patch(attributes, '{\"tier\":\"silver\"}') WHERE id = 'p' RETURNING tier"));
        Assert.Equal("q,7\n", (await _bench.DoAsync("INSERT INTO customers(id, score) VALUES ('q', 7) RETURNING id, score")).Split('\n', 2)[1]);
    }

    [Theory]
    [InlineData("UPDATE customers SET teir = 'x' WHERE id = 'p'", "teir", "Did you mean .*tier")]
    [InlineData("UPDATE customers SET Tier = 'x' WHERE id = 'p'", "Tier", "Did you mean .*tier")]
    [InlineData("INSERT INTO customers(id, emial) VALUES ('n', 'x@example.com')", "emial", "Did you mean .*email")]
    [InlineData("INSERT INTO customers(id, favourite_zoo_animal) VALUES ('n', 'x')", "favourite_zoo_animal", "People have .*city")]
    [InlineData("DELETE FROM customers WHERE teir = 'x'", "teir", "Did you mean .*tier")]
    public async Task A_name_that_nobody_has_is_refused_with_what_is_near(string sql, string name, string near)
    {
        var run = await _bench.ToolAsync("query", sql, "--yes", "1");

        Assert.Equal((2, ""), (run.Code, run.Out));
        Assert.Contains(
            $"customers has no column {name}, and nobody has an attribute of that name: nothing was sent.", run.Error, StringComparison.Ordinal);
        Assert.Matches(near, run.Error);
        Assert.Contains("A new attribute is set by the column attributes, a JSON object.", run.Error, StringComparison.Ordinal);
        Assert.Single(_bench.Journals.List());
    }

    [Fact]
    public async Task One_that_is_set_twice_is_refused()
    {
        var run = await _bench.ToolAsync("query", "UPDATE customers SET attributes = '{\"tier\":\"a\"}', tier = 'b' WHERE id = 'p'");

        Assert.Equal(2, run.Code);
        Assert.Contains("tier is set twice, as a column and in attributes", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_statement_of_another_table_finds_people_by_them()
    {
        await _bench.DoAsync("INSERT INTO segment_memberships(segment_id, cio_id) SELECT 7, cio_id FROM customers WHERE tier = 'pro'");

        Assert.Equal("1", await _bench.AskAsync("SELECT count(*) FROM segment_memberships WHERE segment_id = 7 AND id = 'p'"));
    }

    private static string Sorted(string json) => string.Join(',', JsonDocument.Parse(json).RootElement.EnumerateObject()
        .Where(one => one.Name != "_update").OrderBy(one => one.Name, StringComparer.Ordinal)
        .Select(one => $"{one.Name}={JsonSerializer.Serialize(one.Value)}"));

    private static JsonElement? Sent(JsonElement plan) => plan.GetProperty("calls").EnumerateArray().ToList() is [var only]
        ? Assert.Single(only.GetProperty("body").GetProperty("batch").EnumerateArray())
        : null;

    private async Task<JsonElement> DryAsync(string sql)
    {
        var run = await _bench.ToolAsync("query", sql, "--dry-run", "--json");
        Assert.True(run.Code == 0, run.Error);
        return JsonDocument.Parse(run.Out).RootElement.Clone();
    }
}
