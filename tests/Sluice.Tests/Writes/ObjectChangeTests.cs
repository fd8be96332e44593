using System.Globalization;
using Sluice.Writes.Statements;
using Xunit;

namespace Sluice.Tests.Writes;

/// <summary>Objects and relationships changed by SQL: only what differs is sent, as much at once as the API takes.</summary>
public sealed class ObjectChangeTests : IAsyncLifetime
{
    private StatementBench _bench = null!;
    private string _type = "";

    public async ValueTask InitializeAsync()
    {
        _bench = await StatementBench.StartAsync();
        _type = (await _bench.AskAsync("SELECT min(id) FROM object_types")).Trim();
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Objects_are_made_changed_and_deleted()
    {
        await _bench.DoAsync(
            $$"""
            INSERT INTO object_attributes(object_type_id, object_id, attributes)
            VALUES ({{_type}}, 'acme', '{"name":"Acme","seats":5,"tier":"gold"}'), ({{_type}}, 'umbrella', '{"name":"Umbrella"}')
            """);
        Assert.Equal("5,gold", await ValuesAsync("attributes->>'seats', attributes->>'tier'"));

        var changed = await _bench.RunAsync(
            $$"""
            UPDATE object_attributes SET attributes = '{"name":"Acme","seats":6}' WHERE object_type_id = {{_type}} AND object_id = 'acme'
            """);

        Assert.Equal((0, 1), (changed.ExitCode, changed.Count(CallState.Done)));
        Assert.Equal(["seats", "tier"], changed.Outcomes[0].Call.Changes.Select(one => one.Name));
        Assert.Equal("Acme,6,true", await ValuesAsync("attributes->>'name', attributes->>'seats', (attributes->>'tier') IS NULL"));

        await _bench.DoAsync($"INSERT INTO objects(object_type_id, object_id) VALUES ({_type}, 'empty')");
        var delete = $"DELETE FROM objects WHERE object_type_id = {_type} AND object_id IN ('empty', 'umbrella')";
        var refused = await _bench.ToolAsync("query", delete, "--yes");
        Assert.Equal(2, refused.Code);
        Assert.Contains("--yes 2", refused.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await _bench.ToolAsync("query", delete, "--yes", "2")).Code);
        Assert.Equal(
            "acme",
            await _bench.AskAsync($"SELECT object_id FROM objects WHERE object_type_id = {_type} AND object_id IN ('empty', 'umbrella', 'acme')"));
    }

    [Fact]
    public async Task People_are_related_to_objects_with_attributes_and_parted_from_them()
    {
        var person = (await _bench.AskAsync("SELECT min(cio_id) FROM customers")).Trim();
        var of = $"WHERE cio_id = '{person}' AND object_id = 'acme'";
        await _bench.DoAsync(
            $$"""
            INSERT INTO customer_relationships(cio_id, object_type_id, object_id, attributes)
            VALUES ('{{person}}', {{_type}}, 'acme', '{"role":"admin","since":2020}')
            """);
        Assert.Equal("admin,2020", await _bench.AskAsync($"SELECT attributes->>'role', attributes->>'since' FROM customer_relationships {of}"));

        await _bench.DoAsync($"UPDATE customer_relationships SET attributes = '{{\"role\":\"viewer\"}}' {of}");
        Assert.Equal(
            "viewer,true",
            await _bench.AskAsync($"SELECT attributes->>'role', (attributes->>'since') IS NULL FROM customer_relationships {of}"));

        await _bench.DoAsync($"DELETE FROM customer_relationships {of}");
        Assert.Equal("0", await _bench.AskAsync($"SELECT count(*) FROM customer_relationships {of}"));
        await _bench.DoAsync($"INSERT INTO object_relationships(object_type_id, object_id, cio_id) VALUES ({_type}, 'acme', '{person}')");
        Assert.Equal(person, await _bench.AskAsync($"SELECT cio_id FROM object_relationships WHERE object_type_id = {_type} AND object_id = 'acme'"));
    }

    [Fact]
    public async Task Many_objects_go_in_one_request_and_a_dry_run_shows_each()
    {
        var rows = $"SELECT {_type}, 'o' || i, '{{\"n\":1}}' FROM range(300) t(i)";
        var sql = $"INSERT INTO object_attributes(object_type_id, object_id, attributes) {rows}";

        var shown = await _bench.ToolAsync("query", sql, "--dry-run", "--max-writes", "1000");

        Assert.Equal(0, shown.Code);
        Assert.StartsWith("POST /api/v2/batch  300 objects\n", shown.Out, StringComparison.Ordinal);
        Assert.Contains($"\n  object_type_id={_type}, object_id=o7\n    n: 1\n", shown.Out, StringComparison.Ordinal);
        using var handler = new SpoiltWrites(_ => Spoil.Nothing);
        var report = await _bench.RunAsync(sql, handler);
        Assert.Equal((300, 1), (report.Count(CallState.Done), handler.Writes));
        var made = await _bench.AskAsync($"SELECT count(*) FROM objects WHERE object_type_id = {_type} AND object_id LIKE 'o%'");
        Assert.True(int.Parse(made, CultureInfo.InvariantCulture) >= 300);
    }

    [Fact]
    public async Task An_attribute_of_a_relationship_is_set_and_the_others_stay()
    {
        var person = (await _bench.AskAsync("SELECT min(cio_id) FROM customers")).Trim();
        await _bench.DoAsync(
            $$"""
            INSERT INTO customer_relationships(cio_id, object_type_id, object_id, attributes)
            VALUES ('{{person}}', {{_type}}, 'acme', '{"role":"admin","since":2020}')
            """);
        const string Of = "WHERE object_id = 'acme'";
        await _bench.DoAsync($"UPDATE customer_relationships SET attributes = json_merge_patch(attributes, '{{\"role\":\"viewer\"}}') {Of}");
        Assert.Equal("viewer,2020", await _bench.AskAsync($"SELECT attributes->>'role', attributes->>'since' FROM customer_relationships {Of}"));
    }

    [Fact]
    public async Task Objects_that_Customer_io_has_queued_and_dropped_are_named()
    {
        var made = await ChangeAsync(
            $$"""
            INSERT INTO object_attributes(object_type_id, object_id, attributes)
            VALUES ({{_type}}, 'acme', '{"seats":5}'), ({{_type}}, 'lost', '{"seats":6}')
            """,
            "lost");
        Assert.Equal(7, made.Code);
        Assert.Contains("1 row of 2 that were read back is not as sent", made.Error, StringComparison.Ordinal);
        Assert.Contains($"\n  object_type_id={_type}, object_id=lost: is not there\n", made.Error, StringComparison.Ordinal);

        var changed = await ChangeAsync(
            $"UPDATE object_attributes SET attributes = '{{\"seats\":7}}' WHERE object_type_id = {_type} AND object_id = 'acme'", "acme");
        Assert.Equal(7, changed.Code);
        Assert.Contains($"\n  object_type_id={_type}, object_id=acme: seats is not what was sent\n", changed.Error, StringComparison.Ordinal);

        var delete = $"DELETE FROM objects WHERE object_type_id = {_type} AND object_id = 'acme'";
        var kept = await ChangeAsync(delete, "acme", "--yes", "1");
        Assert.Equal(7, kept.Code);
        Assert.Contains($"\n  object_type_id={_type}, object_id=acme: is still there\n", kept.Error, StringComparison.Ordinal);

        var gone = await ChangeAsync(delete, null, "--yes", "1");
        Assert.True(gone.Code == 0, gone.Error);
        Assert.Contains("Read back: 1 row of a sample, all as sent.", gone.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Relationships_that_Customer_io_has_queued_and_dropped_are_named()
    {
        var people = (await _bench.AskAsync("SELECT cio_id FROM customers ORDER BY cio_id LIMIT 2")).Split('\n');
        var rows = string.Join(", ", people.Select(one => $$"""('{{one}}', {{_type}}, 'acme', '{"role":"admin"}')"""));

        var made = await ChangeAsync(
            $"INSERT INTO customer_relationships(cio_id, object_type_id, object_id, attributes) VALUES {rows}", people[1], "--verify", "all");

        Assert.Equal(7, made.Code);
        Assert.Contains($"\n  cio_id={people[1]}, object_type_id={_type}, object_id=acme: is not there\n", made.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(people[0], made.Error, StringComparison.Ordinal);

        const string Of = "WHERE object_id = 'acme'";
        var changed = await ChangeAsync($"UPDATE customer_relationships SET attributes = '{{\"role\":\"viewer\"}}' {Of}", people[0]);
        Assert.Equal(7, changed.Code);
        Assert.Contains($"{people[0]}, object_type_id={_type}, object_id=acme: role is not what was sent\n", changed.Error, StringComparison.Ordinal);

        var delete = $"DELETE FROM object_relationships {Of} AND object_type_id = {_type}";
        var kept = await ChangeAsync(delete, people[0]);
        Assert.Equal(7, kept.Code);
        Assert.Contains($"{people[0]}, object_type_id={_type}, object_id=acme: is still there\n", kept.Error, StringComparison.Ordinal);

        var gone = await ChangeAsync(delete, null);
        Assert.True(gone.Code == 0, gone.Error);
        Assert.Contains("Read back: 1 row of a sample, all as sent.", gone.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dry_run_counts_the_requests_that_read_objects_back()
    {
        var rows = $"SELECT {_type}, 'o' || i FROM range(300) t(i)";
        var shown = await _bench.ToolAsync("query", $"INSERT INTO objects(object_type_id, object_id) {rows}", "--dry-run", "--max-writes", "1000");

        Assert.Contains(", 50 requests or more to read back.", shown.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("INSERT INTO objects(object_id) VALUES ('x')", "object_type_id and object_id are needed")]
    [InlineData("INSERT INTO objects(object_type_id, object_id) VALUES (1, repeat('x', 151))", "object_id is longer than 150 bytes")]
    [InlineData(
        "INSERT INTO object_attributes(object_type_id, object_id, attributes) VALUES (1, 'x', '[1]')", "attributes must be a JSON object, not array")]
    [InlineData(
        "INSERT INTO object_attributes(object_type_id, object_id, attributes) VALUES (1, 'x', json_object('a', repeat('y', 1001)))",
        "the value of a has more than 1000 bytes")]
    [InlineData("INSERT INTO customer_relationships(object_type_id, object_id) VALUES (1, 'x')", "cio_id is needed: it names the person")]
    [InlineData(
        "INSERT INTO customer_relationships(cio_id, customer_id, object_type_id, object_id) VALUES ('a', 'b', 1, 'x')",
        "customer_id and cio_id name different people")]
    public async Task What_no_call_can_do_is_refused_before_anything_is_sent(string sql, string told)
    {
        var run = await _bench.ToolAsync("query", sql);

        Assert.Equal(2, run.Code);
        Assert.Contains(told, run.Error, StringComparison.Ordinal);
        Assert.Contains("Nothing was sent.", run.Error, StringComparison.Ordinal);
        Assert.Empty(_bench.Journals.List());
    }

    // What contains the text is queued and never carried out.
    private async Task<(int Code, string Out, string Error)> ChangeAsync(string sql, string? dropped, params string[] arguments)
    {
        await _bench.Simulator.PostAsync("/_sim/faults", new { faults = dropped is null ? Array.Empty<string>() : [$"drop-change:{dropped}"] });
        return await _bench.ToolAsync(["query", sql, "--verify-wait", "0s", .. arguments]);
    }

    private Task<string> ValuesAsync(string columns) =>
        _bench.AskAsync($"SELECT {columns} FROM object_attributes WHERE object_type_id = {_type} AND object_id = 'acme'");
}
