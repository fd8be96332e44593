using System.Text.Json;
using Sluice.Writes.Statements;
using Xunit;

namespace Sluice.Tests.Writes;

/// <summary>What Customer.io would refuse, or take and drop without a word, is told by statements and procedures before it is sent.</summary>
public sealed class RefusalTests : IAsyncLifetime
{
    private const string Long = "repeat('x', 151)";
    private const string Send = "CALL SendTransactionalEmailWithTemplate(1, Identifiers_Id := '1', To := ";

    private StatementBench _bench = null!;

    public async ValueTask InitializeAsync() => _bench = await StatementBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Theory]
    [InlineData(
        "INSERT INTO customers(id, attributes) VALUES ('twice', {'n': 1}), ('once', NULL), ('twice', {'n': 2})", "rows 1 and 3", "id=twice", 2)]
    [InlineData("INSERT INTO customers(email) VALUES ('Twice@example.com'), ('twice@example.com')", "rows 1 and 2", "email=twice@example.com", 1)]
    [InlineData(
        "INSERT INTO object_attributes(object_type_id, object_id, attributes) VALUES (1, 'o', {'n': 1}), (1, 'o', {'n': 2}), (1, 'o', {'n': 3})",
        "rows 1, 2 and 3", "object_type_id=1, object_id=o", 1)]
    [InlineData(
        "INSERT INTO customer_relationships(cio_id, object_type_id, object_id, attributes) SELECT cio_id, 1, 'o', a FROM customers, "
            + "(VALUES ('{\"n\":1}'), ('{\"n\":2}')) t(a) WHERE id = '1'",
        "rows 1 and 2", "object_id=o", 1)]
    public async Task Of_two_rows_of_one_identifier_the_last_wins_and_it_is_said(string sql, string rows, string identifier, int items)
    {
        var shown = await _bench.ToolAsync("query", sql, "--dry-run", "--json");
        using var json = JsonDocument.Parse(shown.Out);
        var warning = Assert.Single(json.RootElement.GetProperty("warnings").EnumerateArray()).GetString()!;
        Assert.Contains($" {rows} have the same identifier (", warning, StringComparison.Ordinal);
        Assert.Contains(identifier, warning, StringComparison.Ordinal);
        Assert.Equal(items, json.RootElement.GetProperty("calls")[0].GetProperty("body").GetProperty("batch").GetArrayLength());
        Assert.Contains($"Note: {warning}", (await _bench.ToolAsync("query", sql, "--dry-run")).Out, StringComparison.Ordinal);

        var run = await _bench.ToolAsync("query", sql);

        Assert.Equal(0, run.Code);
        Assert.Contains($"warning: {warning}", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_only_the_first_of_two_rows_has_stays_and_all_rows_count_as_changed()
    {
        const string Sql = "INSERT INTO customers(id, email, attributes) VALUES ('a', 'a@example.com', {'n': 1}), ('a', NULL, {'n': 2}) RETURNING id";
        using var handler = new SpoiltWrites(_ => Spoil.Nothing);

        var report = await _bench.RunAsync(Sql, handler);

        Assert.Equal((0, 2, 1), (report.ExitCode, report.Count(CallState.Done), handler.Writes));
        Assert.Equal("a@example.com,2", await _bench.AskAsync("SELECT email, attributes->>'n' FROM customers WHERE id = 'a'"));
        Assert.Equal("id\na\na\n", await _bench.DoAsync(Sql));
    }

    [Theory]
    [InlineData(
        "INSERT INTO customers(id, attributes) VALUES ('a', {'seen': 1732924800000, 'day_at': '1732924800000', 'n': 1732924800})", "seen", "day_at")]
    [InlineData(
        "INSERT INTO object_attributes(object_type_id, object_id, attributes) VALUES (1, 'o', {'seen': 1732924800000, 'id': 1732924800000})", "seen")]
    [InlineData("UPDATE customers SET attributes = json_merge_patch(attributes, '{\"seen\":1732924800000}') WHERE id = '1'", "seen")]
    [InlineData("CALL TrackEvent('x', '1', Data := {'seen': 1732924800000, 'ean': 4006381333931, 'text': '1732924800000'})", "seen")]
    [InlineData("INSERT INTO collections(name, data) VALUES ('c', '[{\"seen\":1}, {\"seen\":1732924800000}]')", "seen")]
    [InlineData("INSERT INTO collection_rows(collection_id, \"row\") VALUES (1, {'seen': 1732924800000})", "seen")]
    [InlineData("CALL IdentifyObject('1', 'o', Attributes := {'at': 1732924800000, 'born_at': 99999999999999})", "at", "born_at")]
    public async Task Times_in_milliseconds_are_warned_of(string sql, params string[] names)
    {
        using var json = JsonDocument.Parse((await _bench.ToolAsync("query", sql, "--dry-run", "--json")).Out);

        var warnings = json.RootElement.GetProperty("warnings").EnumerateArray().Select(one => one.GetString()!).ToList();

        Assert.Equal(names, warnings.Select(one => one.Split(' ')[0]));
        Assert.All(warnings, one => Assert.Contains(" looks like milliseconds in 1 row (", one, StringComparison.Ordinal));
        var run = await _bench.ToolAsync("query", sql);
        Assert.Equal(0, run.Code);
        Assert.All(warnings, one => Assert.Contains($"warning: {one}", run.Error, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_attribute_that_would_be_taken_away_is_told()
    {
        await _bench.DoAsync("INSERT INTO customers(id, attributes) VALUES ('a', {'plan': 'x', 'size': 1, 'n': 1})");

        var run = await _bench.ToolAsync(
            "query", "UPDATE customers SET attributes = json_merge_patch(attributes, '{\"plan\":\"\",\"size\":null,\"n\":2}') WHERE id = 'a'");

        Assert.Equal(0, run.Code);
        Assert.Contains("warning: plan has no value in 1 row (cio_id=", run.Error, StringComparison.Ordinal);
        Assert.Contains("warning: size has no value in 1 row (cio_id=", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("warning: n has", run.Error, StringComparison.Ordinal);
        var again = await _bench.ToolAsync("query", "INSERT INTO customers(id, email, attributes) VALUES ('a', '', {'n': ''})");
        Assert.Contains("warning: n has no value in 1 row (id=a", again.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("warning: email", again.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Send + "'nobody')", "To is no e-mail address: 'nobody'")]
    [InlineData(Send + "'a@example.com, b@example, @c')", "To is no e-mail address: '@c'")]
    [InlineData(Send + "'a@example.com', Bcc := 'Ann <ann>')", "Bcc is no e-mail address: 'ann'")]
    [InlineData(Send + "'a@example.com', ReplyTo := '')", "ReplyTo is no e-mail address: ''")]
    [InlineData(Send + "array_to_string(list_transform(range(16), n -> n || '@example.com'), ','))", "there are 16 recipients; Customer.io takes 15")]
    [InlineData("CALL Suppress(Identifiers_Email := 'nobody')", "Identifiers_Email is no e-mail address: 'nobody'")]
    [InlineData("CALL Suppress('')", "Identifiers_Id has no value, so that nobody is named")]
    [InlineData("CALL Suppress(" + Long + ")", "Identifiers_Id is longer than 150 bytes")]
    [InlineData("CALL TrackEvent('x', Identifiers_Email := 'nobody')", "Identifiers_Email is no e-mail address: 'nobody'")]
    [InlineData("CALL TrackEvent('x', '1', EventId := 'one')", "EventId is no ULID (26 characters)")]
    [InlineData("CALL TrackEvent('x', '1', Data := [1])", "Data must be a JSON object")]
    [InlineData("CALL MergePeople(Primary_Email := 'nobody', Secondary_Id := '2')", "Primary_Email is no e-mail address: 'nobody'")]
    [InlineData("CALL AddToSegment(7, 'a@example.com, nobody', IdType := 'email')", "one of Ids is no e-mail address: 'nobody'")]
    [InlineData("CALL AddToSegment(7, [" + Long + "])", "one of Ids is longer than 150 bytes")]
    [InlineData("CALL AddToSegment(7, 'a', IdType := 'phone')", "IdType can't be 'phone'")]
    [InlineData("CALL TriggerBroadcast(1, Emails := ['nobody'])", "one of Emails is no e-mail address: 'nobody'")]
    [InlineData("CALL IdentifyObject('1', " + Long + ")", "ObjectId is longer than 150 bytes")]
    [InlineData("CALL IdentifyObject('1', 'o', {'a': repeat('é', 501)})", "the value of a has more than 1000 bytes")]
    [InlineData("CALL IdentifyObject('1', 'o', NULL, '[{\"identifiers\": {\"email\": \"nobody\"}}]')", "row 1 is no e-mail address: 'nobody'")]
    [InlineData("CALL AddRelationship('1', 'o', '[{\"id\": \"1\"}]')", "row 1 needs identifiers with one of id, email and cio_id")]
    [InlineData("INSERT INTO customers(id) VALUES ('')", "a new person needs an id or an email address")]
    [InlineData("INSERT INTO customers(id) VALUES (' ')", "id has no value, so that nobody is named")]
    [InlineData("INSERT INTO customers(id) VALUES (repeat('é', 76))", "id is longer than 150 bytes")]
    [InlineData("INSERT INTO customers(\"id\", \"Email\") VALUES ('a', 'a b@example.com')", "email is no e-mail address: 'a b@example.com'")]
    [InlineData("INSERT INTO segment_memberships(segment_id, email) VALUES (7, 'nobody')", "email is no e-mail address: 'nobody'")]
    [InlineData("INSERT INTO segment_memberships(segment_id, id) VALUES (7, '')", "id has no value, so that nobody is named")]
    [InlineData("INSERT INTO collections(name, data) VALUES ('c', '[{\"a\":1}, 5]')", "data row 2 must be a JSON object, not a number")]
    [InlineData("INSERT INTO collections(name, data) VALUES ('c', '{\"a\":1}')", "data must be a JSON array of objects")]
    [InlineData(
        "INSERT INTO collections(name, data) SELECT 'c', [{'a': 'x'}, {'a': repeat('x', 10000)}]",
        "data row 2 makes 10008 bytes; Customer.io takes 10000")]
    [InlineData("INSERT INTO collection_rows(collection_id, \"row\") VALUES (1, '[]')", "row must be a JSON object, not an array")]
    [InlineData(
        "INSERT INTO collection_rows(collection_id, \"row\") SELECT 1, {'a': repeat('x', 10000)}", "row makes 10008 bytes; Customer.io takes 10000")]
    public async Task It_is_named_and_neither_sent_nor_shown_as_a_call(string sql, string expected)
    {
        foreach (var last in new[] { "--dry-run", "--yes" })
        {
            var run = await _bench.ToolAsync("query", sql, last);

            Assert.Equal((2, ""), (run.Code, run.Out));
            Assert.Contains(expected, run.Error, StringComparison.Ordinal);
            Assert.Contains("Nothing was sent", run.Error, StringComparison.Ordinal);
        }

        Assert.Empty(_bench.Journals.List());
    }

    [Theory]
    [InlineData(Send + "'\"Doe, John\" <john@example.com>, Ann <ann@example.com>', Cc := 'ann@example', ReplyTo := 'Zoë <zoë@example.com>')")]
    [InlineData(Send + "'{{customer.email}}')")]
    [InlineData("INSERT INTO collections(name, data) VALUES ('c', '[{\"email\": \"none\", \"at\": 1}, {}]')")]
    [InlineData("INSERT INTO customers(id, email) VALUES ('', 'only@example.com')")]
    public async Task What_only_looks_odd_is_sent(string sql) => Assert.NotEmpty(await _bench.DoAsync(sql));

    [Fact]
    public async Task Two_people_who_would_get_one_id_are_named()
    {
        var run = await _bench.ToolAsync(
            "query", "UPDATE customers SET id = 'same' WHERE cio_id IN (SELECT cio_id FROM customers ORDER BY cio_id LIMIT 2)");

        Assert.Equal(2, run.Code);
        Assert.Contains("id belongs to another person of the statement, and no two people can have the same", run.Error, StringComparison.Ordinal);
    }
}
