using System.Net;
using Sluice.Sql;
using Sluice.Sql.Text;
using Sluice.Writes.Import;
using Sluice.Writes.Operations;
using Sluice.Writes.Statements;
using Xunit;

namespace Sluice.Tests.Writes;

/// <summary>What procedures have done is read back where the App API shows it; where it does not, that is said.</summary>
public sealed class CallReadBackTests : IAsyncLifetime
{
    private const string Send = "CALL SendTransactionalEmailWithTemplate(1, 'a@example.com', 'a@example.com'";

    private StatementBench _bench = null!;

    public async ValueTask InitializeAsync()
    {
        _bench = await StatementBench.StartAsync();
        await _bench.DoAsync("INSERT INTO customers(id, email) VALUES ('a', 'a@example.com'), ('b', 'b@example.com')");
        await _bench.DoAsync("CALL AddRelationship('1', 'o', '[{\"identifiers\": {\"id\": \"a\"}}]')");
        await _bench.DoAsync("CALL AddToSegment(7, 'b')");
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public void Each_procedure_is_read_back_or_says_why_not() =>
        Assert.All(ProcedureCatalog.All, one => Assert.NotEqual(one.ReadBack is null, one.NotReadBack is null));

    [Theory]
    [InlineData("CALL AddToSegment(7, 'a, b')", 2)]
    [InlineData("CALL AddToSegment(7, 'A@example.com', IdType := 'email')", 1)]
    [InlineData("CALL RemoveFromSegment(7, 'b')", 1)]
    [InlineData("CALL SetSubscriptionPreferences({'topic_1': false, 'topic_2': NULL}, 'a', Unsubscribed := true)", 1)]
    [InlineData("CALL MergePeople('a', Secondary_Email := 'b@example.com')", 2)]
    [InlineData("CALL Suppress('a')", 1)]
    [InlineData("CALL IdentifyObject('1', 'o', {'make': 'VW', 'n': 1}, [{'identifiers': {'id': 'a'}}, {'identifiers': {'id': 'b'}}])", 3)]
    [InlineData("CALL AddRelationship('1', 'o', '[{\"identifiers\": {\"email\": \"b@example.com\"}}]')", 1)]
    [InlineData("CALL RemoveRelationship('1', 'o', '[{\"identifiers\": {\"id\": \"a\"}}]')", 1)]
    [InlineData("CALL DeleteObject('1', 'o')", 1)]
    [InlineData(Send + ")", 1)]
    [InlineData("CALL SendSms(1, '+15551234567', Identifiers_Id := 'a')", 1)]
    public async Task What_it_has_done_is_read_back(string sql, int rows)
    {
        Assert.Matches(", [1-9] requests? or more to read back", (await _bench.ToolAsync("query", sql, "--dry-run")).Out);

        var run = await _bench.ToolAsync("query", sql, "--verify", "all", "--yes", "1");

        Assert.True(run.Code == 0, run.Error);
        Assert.Contains($"Read back: {rows} row{(rows == 1 ? "" : "s")}, all as sent.", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Read back", (await _bench.ToolAsync("query", sql, "--verify", "none", "--yes", "1")).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CALL AddToSegment(7, 'a, nobody')", "AddToSegment id=nobody: is not in the segment")]
    [InlineData("CALL SetSubscriptionPreferences({'topic_1': false}, 'nobody')", "SetSubscriptionPreferences id=nobody: is not there")]
    [InlineData("CALL MergePeople('nobody', Secondary_Id := 'b')", "MergePeople id=b: is still there")]
    public async Task What_Customer_io_has_dropped_is_named(string sql, string expected)
    {
        var run = await _bench.ToolAsync("query", sql, "--yes", "1", "--verify-wait", "0s");

        Assert.Equal(7, run.Code);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_topic_that_is_not_as_it_was_set_is_named()
    {
        const string Sql = "CALL SetSubscriptionPreferences({'topic_1': false}, 'a')";
        var report = await RunAsync(Sql, new Answers("/api/v2/entity", HttpStatusCode.OK, "{}"));

        var different = Assert.Single(report.Verification!.Different);
        Assert.Equal("SetSubscriptionPreferences id=a: topic_1 is not what was sent", different.Text);
        Assert.Equal(7, report.ExitCode);
    }

    [Theory]
    [InlineData("CALL TrackEvent('x', 'a')", "TrackEvent is not read back: the App API does not find an event again.")]
    [InlineData("CALL Unsuppress('a')", "Unsuppress is not read back: the App API does not show which identifiers are suppressed.")]
    [InlineData(Send + ", SendAt := '2026-03-20')", "is not read back: what is sent later, or held as a draft, is no message yet.")]
    public async Task What_can_not_be_read_back_says_so(string sql, string expected)
    {
        Assert.Contains(expected, (await _bench.ToolAsync("query", sql, "--dry-run")).Out, StringComparison.Ordinal);
        var run = await _bench.ToolAsync("query", sql);
        Assert.Equal(0, run.Code);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(expected, (await _bench.ToolAsync("query", sql, "--verify", "none")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_that_is_not_known_yet_is_no_failure_and_one_that_has_failed_is()
    {
        var late = await RunAsync(Send + ")", new Answers("/v1/messages/", HttpStatusCode.NotFound, "{}"));
        Assert.Equal((0, 0), (late.ExitCode, late.Verification!.Different.Count));
        Assert.EndsWith(" is not among the messages yet.", late.Verification.Problem, StringComparison.Ordinal);

        const string Bounced = """{"message":{"id":"x","failure_message":"bounced"}}""";
        var failed = await RunAsync(Send + ")", new Answers("/v1/messages/", HttpStatusCode.OK, Bounced));
        Assert.Equal(7, failed.ExitCode);
        Assert.EndsWith(": has failed: bounced", Assert.Single(failed.Verification!.Different).Text, StringComparison.Ordinal);
    }

    private async Task<CallReport> RunAsync(string sql, HttpMessageHandler handler)
    {
        using var client = _bench.Client(handler);
        await using var session = new SqlSession(client, new SqlOptions(), TimeProvider.System);
        var statement = Assert.Single(SqlStatement.ParseAll(sql, new Dictionary<string, string?>(StringComparer.Ordinal)));
        await using var write = await session.PlanWriteAsync(statement, TestContext.Current.CancellationToken);
        var settings = new CallSettings
        {
            WorkFolder = _bench.Work,
            Workspace = "test",
            Statement = "",
            Source = "",
            Target = "",
            Verify = VerifyMode.Sample,
            VerifyPatience = TimeSpan.Zero,
        };
        return (await write.RunAsync(settings, TimeProvider.System, TestContext.Current.CancellationToken)).Report;
    }

    /// <summary>Answers some requests itself, and lets the others through.</summary>
    private sealed class Answers(string path, HttpStatusCode status, string body) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            request.RequestUri!.AbsolutePath.StartsWith(path, StringComparison.Ordinal)
                ? new HttpResponseMessage(status) { Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json") }
                : await base.SendAsync(request, cancellationToken);
    }
}
