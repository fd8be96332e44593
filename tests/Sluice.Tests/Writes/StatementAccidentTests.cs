using System.Net;
using Sluice.Engine;
using Sluice.Writes.Statements;
using Xunit;

namespace Sluice.Tests.Writes;

/// <summary>Statements whose calls fail, or that are killed: what can't be repeated is done once at most, and what is unknown is named.</summary>
public sealed class StatementAccidentTests : IAsyncLifetime
{
    private const string Send = "CALL SendTransactionalEmailWithTemplate(1, 'a@example.com', 'a@example.com')";
    private const string Three = "INSERT INTO segments(name) VALUES ('s1'), ('s2'), ('s3')";

    private StatementBench _bench = null!;

    public async ValueTask InitializeAsync() => _bench = await StatementBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Theory]
    [InlineData(true, null)]
    [InlineData(false, null)]
    [InlineData(true, HttpStatusCode.BadGateway)]
    [InlineData(false, HttpStatusCode.ServiceUnavailable)]
    public async Task A_send_without_an_answer_is_unknown_and_never_sent_again(bool isDone, HttpStatusCode? status)
    {
        var before = _bench.World.Deliveries.Extra.Count;
        using var handler = new SpoiltWrites(_ => new Spoil { IsDone = isDone, Status = status, IsLost = status is null });

        var report = await _bench.RunAsync(Send, handler);

        Assert.Equal((CallState.Unknown, 7, 1), (report.Outcomes[0].State, report.ExitCode, handler.Writes));
        using var second = new SpoiltWrites(_ => Spoil.Nothing);
        var again = await _bench.RunAsync(Send, second);
        Assert.Equal((CallState.Unknown, 7, 0), (again.Outcomes[0].State, again.ExitCode, second.Writes));
        Assert.Equal(before + (isDone ? 1 : 0), _bench.World.Deliveries.Extra.Count);
        Assert.Equal(1, Assert.Single(_bench.Journals.List()).UnknownRows);

        _bench.Journals.Forget(_bench.Journals.List()[0]);
        Assert.Equal(0, (await _bench.RunAsync(Send)).ExitCode);
    }

    [Fact]
    public async Task What_is_unknown_is_named_with_what_to_do()
    {
        using var handler = new SpoiltWrites(_ => new Spoil { IsLost = true });
        await _bench.RunAsync(Send, handler);

        var shown = await _bench.ToolAsync("writes", "show", _bench.Journals.List()[0].Id);

        Assert.Contains("unknown  POST /v1/send/email SendTransactionalEmailWithTemplate", shown.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("a@example.com", await File.ReadAllTextAsync(
            Directory.GetFiles(Path.Combine(_bench.Work, "writes"), "*.ndjson")[0], TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public Task Killed_anywhere_the_same_statement_does_the_rest_and_nothing_twice(int seed) => KilledStatement.AssertAsync(_bench, seed, calls: 3);

    public static TheoryData<int> Seeds() => [.. Enumerable.Range(0, 6)];

    [Fact]
    public async Task A_change_that_may_be_repeated_is_sent_again_after_any_failure()
    {
        using var handler = new SpoiltWrites(number => number == 1 ? new Spoil { IsDone = true, IsLost = true } : Spoil.Nothing);

        var report = await _bench.RunAsync("UPDATE snippets SET value = 'x' WHERE name = 'address'", handler);

        Assert.Equal((0, 2), (report.ExitCode, handler.Writes));
        Assert.Equal("x", await _bench.AskAsync("SELECT value FROM snippets WHERE name = 'address'"));
    }

    [Fact]
    public async Task It_stops_at_the_first_refusal_unless_it_is_to_go_on()
    {
        const string Sql = "INSERT INTO snippets(name, value) VALUES ('n1', 'v'), ('address', 'v'), ('n2', 'v')";
        var stopped = await _bench.ToolAsync("query", Sql, "--format", "csv");
        Assert.Equal((7, "changed,refused,unknown,not_tried\n1,1,0,1\n"), (stopped.Code, stopped.Out));
        Assert.Contains("Refused: POST /v1/snippets name=address: A snippet with that name already exists", stopped.Error, StringComparison.Ordinal);
        Assert.Equal("0", await _bench.AskAsync("SELECT count(*) FROM snippets WHERE name = 'n2'"));

        var all = await _bench.ToolAsync("query", Sql, "--format", "csv", "--continue");

        Assert.Equal((7, "changed,refused,unknown,not_tried\n2,1,0,0\n"), (all.Code, all.Out));
        Assert.Contains("1 done, 1 done before, 1 refused", all.Error, StringComparison.Ordinal);
        Assert.Equal("1", await _bench.AskAsync("SELECT count(*) FROM snippets WHERE name = 'n2'"));
    }

    [Fact]
    public async Task A_key_that_is_refused_in_the_middle_stops_and_the_same_statement_goes_on()
    {
        using var handler = new SpoiltWrites(number => number > 1 ? new Spoil { Status = HttpStatusCode.Unauthorized } : Spoil.Nothing);

        var error = await Assert.ThrowsAsync<SluiceException>(() => _bench.RunAsync(Three, handler));

        Assert.Equal(SluiceErrorKind.Auth, error.Kind);
        Assert.Contains("1 of its calls were carried out before", error.Hint, StringComparison.Ordinal);
        var report = await _bench.RunAsync(Three);
        Assert.Equal((0, 1, 2), (report.ExitCode, report.Count(CallState.DoneBefore), report.Count(CallState.Done)));
        Assert.Equal("3", await _bench.AskAsync("SELECT count(*) FROM segments WHERE name IN ('s1', 's2', 's3')"));
    }

    [Fact]
    public async Task A_statement_that_has_come_to_its_end_is_carried_out_anew()
    {
        var before = _bench.World.Deliveries.Extra.Count;

        Assert.Equal(0, (await _bench.RunAsync(Send)).ExitCode);
        Assert.Equal(0, (await _bench.RunAsync(Send)).ExitCode);

        Assert.Equal(before + 2, _bench.World.Deliveries.Extra.Count);
        Assert.Equal(2, _bench.Journals.List().Count);
    }

    [Fact]
    public async Task A_journal_that_can_not_be_written_keeps_everything_from_being_sent()
    {
        await File.WriteAllTextAsync(_bench.Work, "a file where the folder should be", TestContext.Current.CancellationToken);
        var before = _bench.World.Deliveries.Extra.Count;

        var run = await _bench.ToolAsync("query", Send, "--cache", "0s");

        Assert.Equal(2, run.Code);
        Assert.Equal(before, _bench.World.Deliveries.Extra.Count);
    }

    [Fact]
    public async Task Without_a_Track_key_nothing_is_sent_and_it_is_said()
    {
        var run = await new Cli.ToolHarness(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["CUSTOMERIO_APP_API_KEY"] = "sim-app-key",
            ["CUSTOMERIO_BASE_URL"] = _bench.Simulator.Server.BaseAddress.ToString(),
        })
        { Folder = _bench.Folder }.RunAsync("query", "CALL TrackEvent('x', '1')");

        Assert.Equal(2, run.Code);
        Assert.Contains("There is no Track API key", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Undo_is_refused_in_another_workspace()
    {
        await _bench.RunAsync("UPDATE snippets SET value = 'x' WHERE name = 'address'");

        var run = await _bench.ToolAsync("writes", "undo", _bench.Journals.List()[0].Id);

        Assert.Equal(2, run.Code);
        Assert.Contains("was sent to another workspace", run.Error, StringComparison.Ordinal);
    }
}
