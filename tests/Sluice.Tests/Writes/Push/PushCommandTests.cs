using Microsoft.Data.Sqlite;
using Xunit;

namespace Sluice.Tests.Writes.Push;

/// <summary>What <c>sluice push</c> says and which exit codes it gives.</summary>
public sealed class PushCommandTests : IAsyncLifetime
{
    private PushBench _bench = null!;

    public async ValueTask InitializeAsync() => _bench = await PushBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task A_query_on_a_database_of_the_file_is_pushed_with_the_settings_of_the_file()
    {
        const string Push = """
            plans:
              query: SELECT 'm' || i AS user_id, 'pro' AS tier, '01/05/2024' AS seen, NULL AS nothing, 5 AS secret FROM range(2) t(i)
              into: people
              key: user_id
              map: {user_id: id, tier: plan, secret: "-"}
              types: {seen: time}
              time_format: "%d/%m/%Y"
              nulls: clear
            """;
        await MakeDatabaseAsync();
        var plan = await _bench.Tool(Push).RunAsync("push", "plans", "--dry-run");
        Assert.Equal((0, ""), (plan.Code, plan.Error));
        Assert.StartsWith("plans into people, upsert: 2 rows, 2 new.\n", plan.Out, StringComparison.Ordinal);
        Assert.Contains("2 rows to send: 1 request", plan.Out, StringComparison.Ordinal);
        Assert.Null(_bench.Imports.Person("m0"));

        var run = await _bench.Tool(Push).RunAsync("push", "plans");
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Contains("2 taken by Customer.io. 1 request in", run.Out, StringComparison.Ordinal);
        Assert.Equal(("pro", "1714521600", null), (_bench.Value("m1", "plan"), _bench.Value("m1", "seen"), _bench.Value("m1", "secret")));
        Assert.Equal("plans: 2 rows, 2 unchanged.\nNothing was to be sent.\n", (await _bench.Tool(Push).RunAsync("push", "plans")).Out);

        var audit = await _bench.Tool(Push).RunAsync("push", "plans", "--audit", "--verify", "all");
        Assert.Equal((0, "plans: 2 unchanged.\nRead back: 2 rows, 0 not as in the source.\nNothing was sent.\n"), (audit.Code, audit.Out));
        Assert.Contains("push plans", (await _bench.Tool(Push).RunAsync("writes", "list")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_name_the_pushes_are_listed_and_a_mistyped_one_is_guessed()
    {
        const string Push = """
            plans: {file: rows.csv, into: people, schedule: "0 6 * * *"}
            buys: {query: SELECT 1, into: events, key: n, set: {name: x}}
            """;
        var list = await _bench.Tool(Push).RunAsync("push");
        Assert.Equal(0, list.Code);
        Assert.Contains("plans  rows.csv  main       people  upsert  0 6 * * *", list.Out, StringComparison.Ordinal);
        Assert.Contains("buys   crm       main       events  append", list.Out, StringComparison.Ordinal);
        Assert.Contains("\"into\": \"events\"", (await _bench.Tool(Push).RunAsync("push", "--json")).Out, StringComparison.Ordinal);

        var wrong = await _bench.Tool(Push).RunAsync("push", "plns");
        Assert.Equal(2, wrong.Code);
        Assert.Contains("There is no push 'plns'.\n  Did you mean plans?", wrong.Error, StringComparison.Ordinal);

        var valid = await _bench.Tool(Push).RunAsync("validate");
        Assert.Equal("ok  plans: rows.csv -> main, people, at '0 6 * * *' UTC\nok  buys: crm -> main, events\n", valid.Out);
        Assert.Contains("has no syncs", (await _bench.Tool(Push).RunAsync("run")).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a: {query: SELECT 1 AS id, into: people}", "There is no file", 2)]
    [InlineData("a: {file: nowhere.csv, into: people}", "There is no file", 2)]
    [InlineData("a: {file: rows.csv, into: people, key: nme}", "There is no column 'nme' to be a key.", 2)]
    [InlineData("a: {file: rows.csv, into: people, key: name}", "The key of people is what names them: id.", 2)]
    [InlineData("a: {file: rows.csv, into: segment:nowhere}", "There is no segment 'nowhere'.", 2)]
    [InlineData("a: {file: rows.csv, into: people, map: {nme: x}}", "There is no column 'nme'.", 2)]
    public async Task What_can_t_be_pushed_is_told_before_anything_is_sent(string push, string problem, int code)
    {
        _bench.Source("id,name\nm1,a\n");
        var run = await _bench.Tool(push).RunAsync("push", "a");
        Assert.Equal(code, run.Code);
        Assert.Contains(problem, run.Error, StringComparison.Ordinal);
        Assert.Null(_bench.Imports.Person("m1"));
    }

    [Fact]
    public async Task A_query_that_fails_is_told_and_what_was_pushed_stays_known()
    {
        await MakeDatabaseAsync();
        var good = "a: {query: \"SELECT 'm1' AS id\", into: people}";
        Assert.Equal(0, (await _bench.Tool(good).RunAsync("push", "a")).Code);
        var bad = await _bench.Tool("a: {query: SELECT id FROM nowhere, into: people}").RunAsync("push", "a");
        Assert.Equal(2, bad.Code);
        Assert.Contains("The database refuses the query: ", bad.Error, StringComparison.Ordinal);
        Assert.Contains("nowhere", bad.Error, StringComparison.Ordinal);
        Assert.Contains("1 unchanged", (await _bench.Tool(good).RunAsync("push", "a")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_push_never_goes_on_with_the_rows_of_an_import_of_the_same_query()
    {
        var path = Path.Combine(_bench.Imports.Folder, "a.db");
        void Set(string plan)
        {
            using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = $"CREATE TABLE IF NOT EXISTS a (id TEXT, plan TEXT); DELETE FROM a; INSERT INTO a VALUES ('m1', '{plan}')";
            command.ExecuteNonQuery();
        }

        Set("free");
        var tool = _bench.Tool("a: {query: \"SELECT id, plan FROM a\", into: people}");
        var file = Path.Combine(_bench.Imports.Folder, "sluice.yaml");
        var text = (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken))
            .Replace($"duckdb:///{_bench.Imports.Folder}/crm.duckdb", $"sqlite:///{path}", StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
        Assert.Equal(0, (await tool.RunAsync("push", "a")).Code);
        Set("pro");
        Assert.Equal(0, (await tool.RunAsync("push", "a", "--json")).Code);
        Assert.Equal("pro", _bench.Value("m1", "plan"));
    }

    [Fact]
    public async Task A_workspace_without_a_Track_API_key_is_told_what_to_add()
    {
        _bench.Source("id\nm1\n");
        var tool = _bench.Tool("a: {file: rows.csv, into: people}");
        var file = Path.Combine(_bench.Imports.Folder, "sluice.yaml");
        var lines = (await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken))
            .Where(line => !line.Contains("site_id", StringComparison.Ordinal) && !line.Contains("track_api", StringComparison.Ordinal));
        await File.WriteAllLinesAsync(file, lines, TestContext.Current.CancellationToken);
        var run = await tool.RunAsync("push", "a");
        Assert.Equal(2, run.Code);
        Assert.Contains("The workspace main has no Track API key", run.Error, StringComparison.Ordinal);
    }

    private async Task MakeDatabaseAsync()
    {
        await using var duck = await Engine.DuckDb.DuckDbSettings.OpenAsync(
            Path.Combine(_bench.Imports.Folder, "crm.duckdb"), TestContext.Current.CancellationToken);
    }
}
