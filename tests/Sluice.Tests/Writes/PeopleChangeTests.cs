using System.Net;
using System.Text;
using System.Text.Json;
using Sluice.Writes.Statements;
using Xunit;

namespace Sluice.Tests.Writes;

/// <summary>Changes of many people: as few requests as the limits allow, what becomes of each, and whether they have arrived.</summary>
public sealed class PeopleChangeTests : IAsyncLifetime
{
    private const string Three =
        "INSERT INTO customers(id, email) VALUES ('n1', 'n1@example.com'), ('n2', 'n2@example.com'), ('n3', 'n3@example.com')";

    private StatementBench _bench = null!;

    public async ValueTask InitializeAsync() => _bench = await StatementBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Many_people_go_in_one_request_and_a_dry_run_says_so_with_each_of_them()
    {
        var people = int.Parse(await _bench.AskAsync("SELECT count(*) FROM customers"), System.Globalization.CultureInfo.InvariantCulture);
        const string Sql = "UPDATE customers SET attributes = json_merge_patch(attributes, '{\"seen\":1}') WHERE cio_id <> ''";

        var shown = await _bench.ToolAsync("query", Sql, "--dry-run");

        Assert.StartsWith($"POST /api/v2/batch  {people} people\n  cio_id=", shown.Out, StringComparison.Ordinal);
        Assert.Contains("\n    seen: NULL → 1\n", shown.Out, StringComparison.Ordinal);
        Assert.Contains($"{people} rows in 1 call: 1 request, ", shown.Out, StringComparison.Ordinal);
        Assert.Contains(", 1 request or more to read back.", shown.Out, StringComparison.Ordinal);
        using var json = JsonDocument.Parse((await _bench.ToolAsync("query", Sql, "--dry-run", "--json", "--verify", "none")).Out);
        Assert.Equal(0, json.RootElement.GetProperty("requests_to_read_back").GetInt32());
        Assert.Equal(people, json.RootElement.GetProperty("calls")[0].GetProperty("items").GetArrayLength());
        using var handler = new SpoiltWrites(_ => Spoil.Nothing);
        var report = await _bench.RunAsync(Sql, handler);
        Assert.Equal((0, people, 1), (report.ExitCode, report.Count(CallState.Done), handler.Writes));
        Assert.Equal($"{people}", await _bench.AskAsync("SELECT count(*) FROM customers WHERE (attributes->>'seen') = '1'"));
    }

    [Fact]
    public async Task Requests_keep_to_the_limit_of_bytes_and_a_person_is_changed_in_order()
    {
        using var handler = new SpoiltWrites(_ => Spoil.Nothing);

        var report = await _bench.RunAsync(
            "INSERT INTO customers(id, attributes) SELECT 'p' || i, json_object('text', repeat('x', 900)) FROM range(900) t(i)", handler);

        Assert.Equal((0, 900, 2), (report.ExitCode, report.Count(CallState.Done), handler.Writes));
        Assert.NotNull(_bench.World.People.FindById("p899"));
        await _bench.DoAsync("INSERT INTO customers(id, attributes) VALUES ('twice', '{\"n\":1,\"m\":1}'), ('twice', '{\"n\":2}'), ('once', NULL)");
        Assert.Equal("2,1", await _bench.AskAsync("SELECT attributes->>'n', attributes->>'m' FROM customers WHERE id = 'twice'"));
    }

    [Theory]
    [InlineData(
        "INSERT INTO customers(id, email) VALUES ('a', 'x@example.com'), ('b', 'X@example.com')",
        "email belongs to another person of the statement, and no two people can have the same: 'X@example.com'")]
    [InlineData("INSERT INTO customers(id, attributes) VALUES ('a', {'n': 1}), ('b', {'n': 'nan'::DOUBLE})", "customers row 2: n is NaN or infinite")]
    [InlineData("INSERT INTO collections(name, data) VALUES ('a', [{'n': 'inf'::DOUBLE}])", "collections row 1: n is NaN or infinite")]
    [InlineData("CALL TrackEvent('a', Identifiers_Id := '1', Data := {'n': [1, 'nan'::DOUBLE]})", "TrackEvent: n is NaN or infinite")]
    [InlineData("INSERT INTO customers(id, email) SELECT 'a', {'e':concat('no', 'body')}.e", "email is no e-mail address: 'nobody'")]
    public async Task Values_that_can_not_be_sent_are_named_with_their_row_and_nothing_is_sent(string sql, string expected)
    {
        var run = await _bench.ToolAsync("query", sql, "--yes");

        Assert.Equal((2, ""), (run.Code, run.Out));
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
        Assert.Contains("Nothing was sent", run.Error, StringComparison.Ordinal);
        Assert.Empty(_bench.Journals.List());
    }

    [Fact]
    public async Task A_change_that_is_too_long_is_told_before_anything_is_sent()
    {
        var run = await _bench.ToolAsync(
            "query", "INSERT INTO customers(id, attributes) SELECT 'p', json_group_object('a' || i, repeat('x', 900)) FROM range(40) t(i)");

        Assert.Equal(2, run.Code);
        Assert.Contains("Customer.io takes 32000", run.Error, StringComparison.Ordinal);
        Assert.Empty(_bench.Journals.List());
    }

    [Fact]
    public async Task Of_people_whom_Customer_io_takes_in_part_each_has_its_outcome()
    {
        using var handler = new SpoiltWrites(
            _ => Answer(
                """
                {"errors":[{"batch_index":1,"reason":"invalid","field":"email","message":"no good"},
                           {"batch_index":1,"reason":"invalid","field":"id","message":"too long"}]}
                """));

        var report = await _bench.RunAsync(Three, handler);

        Assert.Equal((7, 2, 1), (report.ExitCode, report.Count(CallState.Done), report.Count(CallState.Refused)));
        var refused = report.Outcomes.Single(one => one.State == CallState.Refused);
        Assert.Equal(("id=n2, email=n2@example.com", "email: no good; too long"), (refused.Call.Key, refused.Reason));
        var journal = Assert.Single(_bench.Journals.List());
        Assert.Equal((2L, 1L, false), (journal.TakenRows, journal.RefusedRows, journal.IsComplete));
        var shown = await _bench.ToolAsync("writes", "show", journal.Id);
        Assert.Contains("refused  id=n2, email=n2@example.com: email: no good; too long", shown.Out, StringComparison.Ordinal);
        var again = await _bench.RunAsync(Three);
        Assert.Equal((0, 3), (again.ExitCode, again.Count(CallState.Done)));
    }

    [Fact]
    public async Task An_answer_of_207_that_names_nobody_is_not_taken_for_success()
    {
        using var handler = new SpoiltWrites(_ => Answer("{}"));

        var report = await _bench.RunAsync(Three, handler);

        Assert.Equal((7, 3), (report.ExitCode, report.Count(CallState.Refused)));
    }

    [Fact]
    public async Task A_suppressed_person_and_an_address_of_somebody_else_are_named()
    {
        _bench.World.People.Suppress("hushed");
        await _bench.DoAsync("INSERT INTO customers(id, email) VALUES ('owner', 'taken@example.com')");

        var run = await _bench.ToolAsync(
            "query",
            "INSERT INTO customers(id, email) VALUES ('fine', 'f@example.com'), ('hushed', 'h@example.com'), ('new', 'taken@example.com')",
            "--verify-wait", "0s");

        Assert.Equal(7, run.Code);
        Assert.Contains("2 rows of 3 that were read back are not as sent", run.Error, StringComparison.Ordinal);
        Assert.Contains("id=hushed, email=h@example.com: is not there: suppressed", run.Error, StringComparison.Ordinal);
        Assert.Contains("id=new, email=taken@example.com: is not there", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("id=fine", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_could_not_be_taken_over_is_named_without_its_value()
    {
        const string Sql = "UPDATE customers SET email = 'n1@example.com' WHERE id = 'n2'";
        await _bench.DoAsync(Three);

        var run = await _bench.ToolAsync("query", Sql, "--verify", "all", "--verify-wait", "0s");

        Assert.Equal(7, run.Code);
        Assert.Contains(": email is not what was sent", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("n1@example.com", run.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await _bench.ToolAsync("query", Sql, "--verify", "none")).Code);
    }

    [Fact]
    public async Task What_has_arrived_is_said_and_people_who_are_deleted_are_gone()
    {
        await _bench.DoAsync(Three);
        var run = await _bench.ToolAsync("query", "DELETE FROM customers WHERE id IN ('n1', 'n2')", "--yes", "2");
        Assert.True(run.Code == 0, run.Error);
        Assert.Contains("Read back: 2 rows of a sample, all as sent.", run.Error, StringComparison.Ordinal);

        run = await _bench.ToolAsync("query", "UPDATE customers SET unsubscribed = true WHERE id IN ('n3', '1')", "--verify", "all");
        Assert.True(run.Code == 0, run.Error);
        Assert.Contains("Read back: 2 rows, all as sent.", run.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await _bench.ToolAsync("query", "SELECT 1", "--verify", "some")).Code);
    }

    [Fact]
    public async Task Who_did_not_come_into_a_segment_or_did_not_leave_it_is_named()
    {
        await _bench.DoAsync(Three);
        var id = (await _bench.DoAsync("INSERT INTO segments(name) VALUES ('vip') RETURNING id")).Split('\n')[1];

        var come = await _bench.ToolAsync(
            "query", $"INSERT INTO segment_memberships(segment_id, id) VALUES ({id}, 'n1'), ({id}, 'nobody')", "--verify-wait", "0s");

        Assert.True(come.Code == 7, come.Error);
        Assert.Contains("1 row of 2 that were read back is not as sent", come.Error, StringComparison.Ordinal);
        Assert.Contains($"\n  segment_id={id}, id=nobody: is not in the segment", come.Error, StringComparison.Ordinal);
        await _bench.Simulator.PostAsync("/_sim/faults", new { faults = new[] { "drop-change" } });
        var left = await _bench.ToolAsync("query", $"DELETE FROM segment_memberships WHERE segment_id = {id}", "--verify-wait", "0s");
        Assert.True(left.Code == 7, left.Error);
        Assert.Contains($"\n  segment_id={id}, id=n1: is still in the segment", left.Error, StringComparison.Ordinal);
    }

    private static Spoil Answer(string body) => new()
    {
        Then = () => Task.FromResult(new HttpResponseMessage(HttpStatusCode.MultiStatus)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        }),
    };
}
