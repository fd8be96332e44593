using Sluice.Engine;
using Sluice.Sql;
using Sluice.Writes.Operations;
using Xunit;

namespace Sluice.Tests.Writes;

/// <summary>INSERT, UPDATE, DELETE and MERGE: what they change, what a dry run shows, and what is refused before anything is sent.</summary>
public sealed class StatementTests : IAsyncLifetime
{
    private StatementBench _bench = null!;

    public async ValueTask InitializeAsync() => _bench = await StatementBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public void Everything_that_can_be_changed_is_a_table_with_these_columns()
    {
        foreach (var writes in TableWritesCatalog.All)
        {
            var table = SqlSession.Tables.Find(writes.Table)!;
            Assert.All(writes.Fields, field => Assert.Equal(field.IsWriteOnly, table.Columns.All(column => column.Name != field.Name)));
            Assert.All(writes.Calls, call => Assert.Matches(@"^[A-Z].*\.$", call.Value.Undone));
        }
    }

    [Fact]
    public async Task Collections_are_made_renamed_and_deleted()
    {
        var id = (await _bench.DoAsync(
            "INSERT INTO collections(name, data) VALUES ('prices', '[{\"sku\":\"a\"},{\"sku\":\"b\"}]') RETURNING id, rows"))
            .Split('\n')[1].Split(',');
        Assert.Equal("2", id[1]);

        await _bench.DoAsync($"UPDATE Collections SET name = upper(name) WHERE id = {id[0]}");
        Assert.Equal("PRICES,2", await _bench.AskAsync($"SELECT name, rows FROM collections WHERE id = {id[0]}"));
        await _bench.DoAsync($"UPDATE collections SET data = '[{{\"sku\":\"c\"}}]' WHERE id = {id[0]}");
        Assert.Equal("c", await _bench.AskAsync($"SELECT \"row\"->>'sku' FROM collection_rows WHERE collection_id = {id[0]}"));
        await _bench.DoAsync($"DELETE FROM collections WHERE id = {id[0]}", 1);
        Assert.Equal("0", await _bench.AskAsync($"SELECT count(*) FROM collections WHERE id = {id[0]}"));
    }

    [Fact]
    public async Task Rows_of_collections_are_changed_and_the_others_stay()
    {
        var id = (await _bench.DoAsync(
            "INSERT INTO collections(name, data) VALUES ('p', '[{\"sku\":\"a\",\"n\":1},{\"sku\":\"b\",\"n\":2}]') RETURNING id")).Split('\n')[1];

        await _bench.DoAsync($"INSERT INTO collection_rows(collection_id, \"row\") VALUES ({id}, '{{\"sku\":\"c\",\"n\":3}}')");
        await _bench.DoAsync(
            $"UPDATE collection_rows SET \"row\" = json_merge_patch(\"row\", '{{\"n\":9}}') WHERE collection_id = {id} AND (\"row\"->>'sku') = 'b'");
        await _bench.DoAsync($"DELETE FROM collection_rows WHERE collection_id = {id} AND row_index = 0", 1);

        Assert.Equal("b,9\nc,3", await _bench.AskAsync(
            $"SELECT \"row\"->>'sku', \"row\"->>'n' FROM collection_rows WHERE collection_id = {id} ORDER BY row_index"));
    }

    [Fact]
    public async Task Reporting_webhooks_are_made_changed_and_deleted_and_a_change_keeps_what_can_not_be_read()
    {
        var id = (await _bench.DoAsync(
            "INSERT INTO ReportingWebhooks(name, endpoint, events, full_resolution) "
            + "VALUES ('w', 'https://u:p@example.com/h?token=s', '[\"email_sent\"]', true) RETURNING id")).Split('\n')[1];

        await _bench.DoAsync($"UPDATE reporting_webhooks SET disabled = true WHERE id = {id}");

        var row = _bench.World.Settings.ReportingWebhooks.Find(int.Parse(id, System.Globalization.CultureInfo.InvariantCulture))!;
        Assert.Equal("https://u:p@example.com/h?token=s", row["endpoint"]!.GetValue<string>());
        Assert.Equal((true, true), (row["disabled"]!.GetValue<bool>(), row["full_resolution"]!.GetValue<bool>()));
        await _bench.DoAsync($"DELETE FROM reporting_webhooks WHERE id = {id}", 1);
        Assert.Null(_bench.World.Settings.ReportingWebhooks.Find(int.Parse(id, System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task Snippets_are_made_changed_and_deleted_and_MERGE_does_both()
    {
        await _bench.DoAsync("INSERT INTO snippets(name, value) VALUES ('a/b d+e?', 'one'), ('two', 'it''s')");
        await _bench.DoAsync("UPDATE snippets SET value = value || '!' WHERE name IN ('a/b d+e?', 'two')");
        Assert.Equal("one!\nit's!", await _bench.AskAsync("SELECT value FROM snippets WHERE name IN ('a/b d+e?', 'two') ORDER BY name"));

        Assert.Equal(
            "merge_action,name,value\nUPDATE,two,2\nINSERT,three,3\n",
            await _bench.DoAsync(
                "MERGE INTO snippets USING (VALUES ('two', '2'), ('three', '3')) s(name, value) ON snippets.name = s.name "
                + "WHEN MATCHED THEN UPDATE SET value = s.value WHEN NOT MATCHED THEN INSERT (name, value) VALUES (s.name, s.value) "
                + "RETURNING merge_action, name, value"));
        await _bench.DoAsync("WITH gone AS (SELECT 'a/b d+e?' AS n) DELETE FROM snippets WHERE name IN (SELECT n FROM gone)", 1);
        Assert.Equal("three\ntwo", await _bench.AskAsync("SELECT name FROM snippets WHERE name IN ('a/b d+e?', 'two', 'three') ORDER BY name"));
    }

    [Fact]
    public async Task Segments_are_made_and_deleted_and_people_come_and_go()
    {
        var id = (await _bench.DoAsync("INSERT INTO Segments(name, description) VALUES ('vip', 'the best') RETURNING id")).Split('\n')[1];
        Assert.Equal("vip,manual", await _bench.AskAsync($"SELECT name, type FROM segments WHERE id = {id}"));

        await _bench.DoAsync($"INSERT INTO segment_memberships(segment_id, cio_id) SELECT {id}, cio_id FROM customers WHERE id IS NOT NULL");
        var members = await _bench.AskAsync($"SELECT count(*) FROM segment_memberships WHERE segment_id = {id}");
        Assert.Equal(await _bench.AskAsync("SELECT count(*) FROM customers WHERE id IS NOT NULL"), members);
        await _bench.DoAsync($"DELETE FROM SegmentMembers WHERE segment_id = {id} AND id = '1'");
        Assert.Equal("0", await _bench.AskAsync($"SELECT count(*) FROM segment_memberships WHERE segment_id = {id} AND id = '1'"));
        await _bench.DoAsync($"DELETE FROM segments WHERE id = {id}", 1);
        Assert.Equal("0", await _bench.AskAsync($"SELECT count(*) FROM segments WHERE id = {id}"));
    }

    [Fact]
    public async Task People_are_made_by_id_or_email_address_and_changed_and_deleted_by_cio_id()
    {
        await _bench.DoAsync(
            "INSERT INTO customers(id, email, attributes) VALUES ('a@odd', 'a@example.com', '{\"plan\":\"pro\",\"n\":1}'), "
            + "(NULL, 'b@example.com', NULL)");
        Assert.Equal(
            "a@odd,a@example.com,pro\n,b@example.com,",
            await _bench.AskAsync(
                "SELECT id, email, attributes->>'plan' FROM customers WHERE email IN ('a@example.com', 'b@example.com') ORDER BY email"));

        await _bench.DoAsync(
            "UPDATE Customers SET attributes = json_merge_patch(attributes, '{\"plan\":\"gold\",\"n\":null}'), unsubscribed = true "
            + "WHERE email = 'a@example.com'");
        await _bench.DoAsync("UPDATE customers SET id = 'b', email = 'c@example.com' WHERE email = 'b@example.com'");
        Assert.Equal(
            "a@odd,gold,,true",
            await _bench.AskAsync("SELECT id, attributes->>'plan', attributes->>'n', unsubscribed FROM customers WHERE email = 'a@example.com'"));
        Assert.Equal("b", await _bench.AskAsync("SELECT id FROM customers WHERE email = 'c@example.com'"));

        var run = await _bench.ToolAsync("query", "DELETE FROM customers WHERE email IN ('a@example.com', 'c@example.com')", "--yes", "2");
        Assert.Equal(0, run.Code);
        Assert.Equal("0", await _bench.AskAsync("SELECT count(*) FROM customers WHERE email IN ('a@example.com', 'c@example.com')"));
    }

    [Fact]
    public async Task Rows_come_from_an_attached_database()
    {
        var file = Path.Combine(_bench.Folder, "crm.duckdb");
        await using (var made = new DuckDB.NET.Data.DuckDBConnection($"Data Source={file}"))
        {
            await made.OpenAsync(TestContext.Current.CancellationToken);
            await Engine.DuckDb.ConnectionExtensions.RunAsync(
                made, "CREATE TABLE texts AS SELECT 's' || i AS n, 'v' || i AS v FROM range(3) t(i)", TestContext.Current.CancellationToken);
        }

        var run = await _bench.ToolAsync(
            "query", "INSERT INTO snippets(name, value) SELECT n, v FROM crm.texts ORDER BY n", "--attach", "crm.duckdb");

        Assert.True(run.Code == 0, run.Error);
        Assert.Equal(
            "s0,v0\ns1,v1\ns2,v2", await _bench.AskAsync("SELECT name, value FROM snippets WHERE name IN ('s0', 's1', 's2') ORDER BY name"));
    }

    [Theory]
    [InlineData("UPDATE snippets SET value = 'new' WHERE name = 'address'", "PUT /v1/snippets  name=address\n  value: '<strong>My C", "→ 'new'")]
    [InlineData("DELETE FROM snippets WHERE name = 'a/b c+d'", "DELETE /v1/snippets/a%2Fb%20c%2Bd  name=a/b c+d\n", "rows: --yes 1\n")]
    [InlineData("INSERT INTO segments(name) VALUES ('x')", "POST /v1/segments  name=x\n  name: 'x'\n", "0 requests made to read")]
    [InlineData("UPDATE customers SET attributes = json_merge_patch(attributes, '{\"plan\":\"x\"}') WHERE id = '1'", "  plan: '", "→ 'x'\n")]
    [InlineData("INSERT INTO SegmentMembers(segment_id, email) VALUES (7, 'a@b.c'), (7, 'd@e.f')", "'a@b.c'\n  email: 'd@e.f'", "2 rows in 1")]
    [InlineData("UPDATE campaign_actions SET subject = 'x' WHERE id = 101", "PUT /v1/campaigns/1/actions/101  id=101\n", "1 call: 3 requests")]
    public async Task A_dry_run_shows_the_calls_and_the_price_and_sends_nothing(string sql, string expected, string price)
    {
        var run = await _bench.ToolAsync("query", sql, "--dry-run");

        Assert.True(run.Code == 0, run.Error);
        Assert.Contains(expected, run.Out, StringComparison.Ordinal);
        Assert.Contains(price, run.Out, StringComparison.Ordinal);
        Assert.EndsWith("Nothing was sent.\n", run.Out, StringComparison.Ordinal);
        Assert.Empty(_bench.Journals.List());
        var json = await _bench.ToolAsync("query", sql, "--dry-run", "--json");
        Assert.NotEmpty(System.Text.Json.JsonDocument.Parse(json.Out).RootElement.GetProperty("calls").EnumerateArray());
    }

    [Theory]
    [InlineData("UPDATE campaigns SET name = 'x' WHERE id = 1", "Customer.io has no call that changes campaigns")]
    [InlineData("UPDATE segments SET name = 'x' WHERE id = 1", "no call that does UPDATE on segments")]
    [InlineData("UPDATE snippets SET name = 'x' WHERE name = 'address'", "name can't be set by UPDATE; what can is value")]
    [InlineData("INSERT INTO collections(id, name) VALUES (1, 'x')", "id can't be set by INSERT; what can is name, data, url")]
    [InlineData("INSERT INTO newsletter_contents(body) VALUES ('x')", "no call that does INSERT on newsletter_contents")]
    [InlineData("INSERT INTO crm.main.snippets(name) VALUES ('x')", "crm.main.snippets is no table of Customer.io")]
    [InlineData("DELETE FROM snipets", "snipets is no table of Customer.io")]
    [InlineData("UPDATE snippets SET valu = 'x'", "valu")]
    [InlineData("INSERT INTO snippets(name, value) VALUES ('a', 'b') ON CONFLICT DO NOTHING", "ON CONFLICT needs a key")]
    [InlineData("TRUNCATE snippets", "no call that empties a table")]
    [InlineData("INSERT INTO snippets(name) VALUES ('a')", "value is missing")]
    [InlineData("INSERT INTO customers(attributes) VALUES ('{}')", "a new person needs an id or an email address")]
    [InlineData("INSERT INTO customers(id, attributes) VALUES ('a', '{\"email\":\"x@example.com\"}')", "set the column email")]
    [InlineData("INSERT INTO customers(id, email) VALUES ('a', 'nobody')", "email is no e-mail address: 'nobody'")]
    [InlineData("INSERT INTO collections(name) VALUES ('a')", "exactly one of data, url must be given")]
    [InlineData("INSERT INTO snippets(name, value) VALUES (repeat('x', 151), 'v')", "has 151 characters; Customer.io takes 150")]
    [InlineData("INSERT INTO segment_memberships(segment_id) VALUES (7)", "one of cio_id, id and email")]
    public async Task What_can_not_be_done_is_told_before_anything_is_asked_for(string sql, string expected)
    {
        var run = await _bench.ToolAsync("query", sql, "--yes");

        Assert.Equal((2, ""), (run.Code, run.Out));
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
        Assert.Empty(_bench.Journals.List());
        using var client = _bench.Client();
        await Assert.ThrowsAsync<SluiceException>(() => StatementBench.RunAsync(sql, client, _bench.Work));
        Assert.Equal(0, client.Statistics.Requests);
    }

    [Theory]
    [InlineData("DELETE FROM segments WHERE type <> 'manual'", "type is dynamic: only manual ones can be changed")]
    [InlineData("UPDATE snippets SET value = NULL WHERE name = 'address'", "value can't be NULL")]
    [InlineData("UPDATE campaign_actions SET body = 'x' WHERE id = 101", "body was made with the drag-and-drop editor")]
    [InlineData("UPDATE campaign_actions SET subject = 'x' WHERE type = 'webhook'", "subject of a message of type webhook can't be changed")]
    public async Task What_a_row_can_not_take_is_told_with_its_key_and_no_row_is_changed(string sql, string expected)
    {
        var run = await _bench.ToolAsync("query", sql, "--yes");

        Assert.Equal(2, run.Code);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
        Assert.Contains("Nothing was sent", run.Error, StringComparison.Ordinal);
        Assert.Empty(_bench.Journals.List());
    }

    [Fact]
    public async Task A_statement_without_WHERE_or_of_many_rows_is_asked_about()
    {
        const string Sql = "UPDATE snippets SET value = value || '!'";
        var refused = await _bench.ToolAsync("query", Sql);
        Assert.Equal(2, refused.Code);
        Assert.Contains("UPDATE snippets without WHERE: 3 rows.", refused.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await _bench.AnswerAsync("no\n", "query", Sql)).Code);
        Assert.Equal(0, (await _bench.AnswerAsync("yes\n", "query", Sql)).Code);
        Assert.Equal(2, (await _bench.ToolAsync("query", "UPDATE snippets SET value = 'x' WHERE name <> ''", "--max-writes", "2")).Code);
        Assert.Equal(2, (await _bench.ToolAsync("query", Sql, "--yes", "4")).Code);
        Assert.Equal(0, (await _bench.ToolAsync("query", Sql, "--yes", "3")).Code);
        Assert.Single(await Task.WhenAll(_bench.AskAsync("SELECT count(*) FROM snippets WHERE value LIKE '%!!'")), "3");
    }

    [Fact]
    public async Task Deleting_people_needs_their_number_typed()
    {
        // And so do all others that DELETE makes an end of.
        Assert.Equal(
            "collection_rows collections customers object_attributes objects reporting_webhooks segments snippets",
            string.Join(' ', TableWritesCatalog.All.Where(one => one.Delete is { IsDestroying: true }).Select(one => one.Table).Order()));
        const string Sql = "DELETE FROM customers WHERE id = '1'";
        Assert.Equal(2, (await _bench.ToolAsync("query", Sql, "--yes")).Code);
        Assert.Equal(2, (await _bench.ToolAsync("query", Sql, "--yes", "2")).Code);
        Assert.Equal(2, (await _bench.AnswerAsync("yes\n", "query", Sql)).Code);
        Assert.NotNull(_bench.World.People.FindById("1"));
        Assert.Equal(0, (await _bench.AnswerAsync("1\n", "query", Sql)).Code);
        Assert.Null(_bench.World.People.FindById("1"));
    }

    [Fact]
    public async Task What_queries_have_kept_is_not_used_after_a_change()
    {
        Assert.Equal(0, (await _bench.ToolAsync("query", "SELECT value FROM snippets WHERE name = 'address'")).Code);

        await _bench.DoAsync("UPDATE snippets SET value = 'changed' WHERE name = 'address'");

        var run = await _bench.ToolAsync("query", "SELECT value FROM snippets WHERE name = 'address'");
        Assert.Contains("changed", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_to_the_same_value_sends_nothing()
    {
        var run = await _bench.ToolAsync("query", "UPDATE snippets SET value = value, name = name", "--yes");
        Assert.Equal(2, run.Code);

        var same = await _bench.ToolAsync("query", "UPDATE snippets SET value = value", "--yes");

        Assert.Equal(0, same.Code);
        Assert.Contains("nothing to change", same.Error, StringComparison.Ordinal);
        Assert.Empty(_bench.Journals.List());
    }

    [Fact]
    public async Task A_script_has_no_transactions()
    {
        Assert.Equal(0, (await _bench.ToolAsync("query", "BEGIN; UPDATE snippets SET value = 'x' WHERE name = 'address'; COMMIT")).Code);

        var run = await _bench.ToolAsync("query", "UPDATE snippets SET value = 'y' WHERE name = 'address'; ROLLBACK");

        Assert.Equal(2, run.Code);
        Assert.Contains("ROLLBACK can't take back what was sent", run.Error, StringComparison.Ordinal);
        Assert.Equal("y", await _bench.AskAsync("SELECT value FROM snippets WHERE name = 'address'"));
    }

    [Theory]
    [InlineData("UPDATE NewsletterVariants SET body = 'b' WHERE NewsletterVariants.newsletter_id = 1 RETURNING NewsletterVariants.body", "body\nb\n")]
    [InlineData("UPDATE snippets AS s SET value = 'v' WHERE s.name = 'address' RETURNING s.name || s.value AS x", "x\naddressv\n")]
    [InlineData("UPDATE main.snippets SET value = t.v FROM (VALUES ('address', 'w')) t(n, v) WHERE name = t.n RETURNING *", "name,value,upd")]
    [InlineData("DELETE FROM snippets WHERE name = 'address' RETURNING name", "name\naddress\n")]
    [InlineData("INSERT INTO segments BY NAME SELECT 'q' AS name RETURNING name, type", "name,type\nq,manual\n")]
    public async Task RETURNING_gives_the_rows_as_they_are_afterwards(string sql, string expected) =>
        Assert.StartsWith(expected, await _bench.DoAsync(sql, sql[0] == 'D' ? 1 : null), StringComparison.Ordinal);

    [Fact]
    public async Task A_mistake_in_RETURNING_is_told_before_anything_is_sent()
    {
        var run = await _bench.ToolAsync("query", "INSERT INTO segments(name) VALUES ('x') RETURNING idd");

        Assert.Equal(2, run.Code);
        Assert.Empty(_bench.Journals.List());
    }
}
