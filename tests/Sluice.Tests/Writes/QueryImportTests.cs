using System.Net;
using Sluice.CustomerIo;
using Sluice.Engine.DuckDb;
using Sluice.Tests.Cli;
using Sluice.Tests.DuckDb;
using Sluice.Writes.Import;
using Sluice.Writes.Journal;
using Xunit;

namespace Sluice.Tests.Writes;

/// <summary>Imports of the rows of a query.</summary>
public sealed class QueryImportTests : IAsyncLifetime
{
    private ImportBench _bench = null!;
    private int _asked;

    public async ValueTask InitializeAsync() => _bench = await ImportBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task A_DuckDB_file_is_asked_and_its_types_become_those_of_attributes()
    {
        await using (var duck = await DuckDbSettings.OpenAsync(Path.Combine(_bench.Folder, "crm.duckdb"), TestContext.Current.CancellationToken))
        {
            duck.Execute("""
                CREATE TABLE accounts AS SELECT 'p' || i AS id, i AS n, i * 1.25 AS price, i = 1 AS is_first, TIMESTAMP '2024-05-01 00:00:00' AS seen,
                DATE '2024-05-02' AS day, ['a', NULL] AS list, {'x': i} AS pair, '{"j": 1}'::JSON AS js,
                CASE WHEN i = 2 THEN 'nan'::DOUBLE ELSE 0.5 END AS share,
                18446744073709551615::UBIGINT AS big, NULL AS nothing, 'Zoë "🦊"' AS text FROM range(3) t(i)
                """);
        }

        var run = await Tool().RunAsync(
            "import", "--from", "duckdb:///" + Path.Combine(_bench.Folder, "crm.duckdb"), "--query", "SELECT * FROM accounts", "--into", "people");

        Assert.True(run.Code == 7, run.Error);
        Assert.Contains("row 3 (p2): share is NaN, which JSON can't hold", run.Error, StringComparison.Ordinal);
        var person = _bench.Person("p1")!;
        Assert.Equal(("1", "1.25", "true", "1714521600"), (person["n"], person["price"], person["is_first"], person["seen"]));
        Assert.Equal(("1714608000", """["a",null]""", """{"x":1}"""), (person["day"], person["list"], person["pair"]));
        Assert.Equal("""{"j":1}""", person["js"].Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal(("18446744073709551615", "Zoë \"🦊\""), (person["big"], person["text"]));
        Assert.False(person.ContainsKey("nothing"));
        Assert.Empty(Directory.GetFiles(Path.Combine(_bench.Folder, "home", "writes"), "*.jsonl"));
    }

    [Fact]
    public async Task A_SQLite_file_is_asked_and_never_changed()
    {
        var path = Path.Combine(_bench.Folder, "crm.db");
        using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={path};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "CREATE TABLE a (id TEXT, n INTEGER, r REAL, t TEXT); INSERT INTO a VALUES ('q1', 5, 0.5, '01/05/2024 10:00')";
            command.ExecuteNonQuery();
        }

        var run = await Tool().RunAsync(
            "import", "--from", "sqlite:///" + path, "--query", "SELECT id, n, r, t AS seen FROM a", "--into", "people", "--type", "seen=time",
            "--time-format", "%d/%m/%Y %H:%M");
        Assert.True(run.Code == 0, run.Error);
        Assert.Equal(("5", "0.5", "1714557600"), (_bench.Person("q1")!["n"], _bench.Person("q1")!["r"], _bench.Person("q1")!["seen"]));

        var changing = await Tool().RunAsync("import", "--from", "sqlite:///" + path, "--query", "DELETE FROM a RETURNING id", "--into", "people");
        Assert.Equal(2, changing.Code);
        Assert.Contains("DELETE would change the database, from which rows are only read: nothing was run", changing.Error, StringComparison.Ordinal);
        var hidden = await Tool().RunAsync(
            "import", "--from", "sqlite:///" + path, "--query", "WITH b AS (SELECT 1) DELETE FROM a", "--into", "people");
        Assert.Equal(2, hidden.Code);
        Assert.Contains("The database refuses the query: ", hidden.Error, StringComparison.Ordinal);
        Assert.Contains("readonly", hidden.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SELEC id FROM a", "syntax error at or near \"SELEC\"")]
    [InlineData("SELECT id FROM nowhere", "Table with name nowhere does not exist")]
    [InlineData("SELECT nothing FROM (SELECT 1 AS id)", "Referenced column \"nothing\" not found")]
    [InlineData("/* a */ -- b\n insert INTO a VALUES (1)", "INSERT would change the database, from which rows are only read: nothing was run.")]
    [InlineData("WITH b AS (SELECT 1 AS id) INSERT INTO a SELECT id FROM b", "read-only")]
    public async Task A_query_that_the_database_refuses_is_a_mistake_of_its_writer_s(string sql, string problem)
    {
        var path = Path.Combine(_bench.Folder, "crm.duckdb");
        await using (var duck = await DuckDbSettings.OpenAsync(path, TestContext.Current.CancellationToken))
        {
            duck.Execute("CREATE TABLE a (id INTEGER)");
        }

        var run = await Tool().RunAsync("import", "--from", "duckdb:///" + path, "--query", sql, "--into", "people");

        Assert.Equal(2, run.Code);
        Assert.Contains(problem, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("disk", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_row_of_a_query_that_can_not_be_sent_is_named_by_its_place_and_its_key()
    {
        var report = await _bench.RunAsync(Settings(
            "SELECT unnest(['x', 'y', 'z']) AS id, unnest(['x@example.com', 'bad', 'X@example.com']) AS email, 1732924800000 AS seen"));

        Assert.Equal(7, report.ExitCode);
        Assert.Equal(["seen looks like milliseconds in 1 row (row 1): Customer.io takes seconds."], report.Warnings);
        const string Clash = "\"belongs to another person by row 1, and no two people can have the same: 'X@example.com'\"";
        Assert.Equal(
            ["file,line,column,reason,key", "a database,2,email,is no e-mail address: 'bad',y", $"a database,3,email,{Clash},z"],
            await File.ReadAllLinesAsync(_bench.RejectsPath, TestContext.Current.CancellationToken));
        _bench.Write("p.csv", "id,email\nz,bad\n");
        Assert.Equal(7, (await _bench.RunAsync(_bench.Settings("p.csv", "people"))).ExitCode);
        Assert.Equal("file,line,column,reason", File.ReadLines(_bench.RejectsPath).First());
    }

    [Theory]
    [InlineData("SELECT 1 AS id", null, "--query needs the address of a database.")]
    [InlineData(null, "duckdb:///crm.duckdb", "--from needs --query.")]
    [InlineData("SELECT 1 AS id", "duckdb:////nowhere/crm.duckdb", "There is no file /nowhere/crm.duckdb.")]
    [InlineData("SELECT 1 AS id", "s3://bucket/lake", "s3:// is no database that can be asked with SQL.")]
    public async Task What_is_no_query_on_a_database_is_refused(string? sql, string? from, string problem)
    {
        string[] query = sql is null ? [] : ["--query", sql];
        string[] address = from is null ? [] : ["--from", from];
        var run = await Tool().RunAsync(["import", "--into", "people", .. query, .. address]);
        Assert.Equal(2, run.Code);
        Assert.Contains(problem, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_query_without_rows_is_an_import_of_nothing()
    {
        var report = await _bench.RunAsync(Settings("SELECT 'x' AS id WHERE false"));
        Assert.Equal((0L, 0L, 0, 0), (report.Rows, report.Taken, report.Requests, report.ExitCode));
    }

    [Fact]
    public async Task An_import_that_was_stopped_goes_on_with_the_rows_that_it_began_with_whatever_the_query_gives_now()
    {
        var padding = new string('x', 900);
        var columns = string.Join(", ", Enumerable.Range(0, 24).Select(n => $"'{padding}' AS c{n}"));
        var settings = Settings($"SELECT 'p' || i AS id, 'e' || i AS n, {columns} FROM range(160) t(i) ORDER BY hash(i + $asked)") with
        {
            Target = "events",
            Constants = ["name=bought"],
        };
        var handler = new SpoiltWrites(number => number > 3 ? new Spoil { Status = HttpStatusCode.Unauthorized } : Spoil.Nothing);
        await Assert.ThrowsAsync<CustomerIoException>(() => _bench.RunAsync(settings, handler));
        var spool = Assert.Single(Directory.GetFiles(Path.Combine(_bench.Folder, "work", "writes"), "*.jsonl"));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(spool));
        }

        var report = await _bench.RunAsync(settings);

        Assert.Equal((160L, 0, 1), (report.Taken, report.ExitCode, _asked));
        var seen = await _bench.EventsAsync();
        Assert.Equal(160, seen.Count);
        Assert.All(seen.Values, count => Assert.Equal(1, count));
        Assert.Empty(Directory.GetFiles(Path.Combine(_bench.Folder, "work", "writes"), "*.jsonl"));
    }

    [Fact]
    public async Task Forgetting_an_import_forgets_the_rows_that_were_kept_for_it()
    {
        var settings = Settings("SELECT 'x' AS id");
        await Assert.ThrowsAsync<CustomerIoException>(
            () => _bench.RunAsync(settings, new SpoiltWrites(_ => new Spoil { Status = HttpStatusCode.Unauthorized })));
        var journals = new JournalFolder(settings.WorkFolder);
        journals.Forget(Assert.Single(journals.List()));
        Assert.Empty(Directory.GetFiles(Path.Combine(settings.WorkFolder, "writes")));
    }

    private ImportSettings Settings(string sql) => _bench.Settings("", "people") with
    {
        Query = new QueryRows("a database", sql, async (read, cancel) =>
        {
            _asked++;
            await using var connection = await DuckDbSettings.OpenAsync(Path.Combine(_bench.Folder, "asked.duckdb"), cancel);
            await using var command = connection.CreateCommand();
            command.CommandText = sql.Replace("$asked", $"{_asked}", StringComparison.Ordinal);
            await using var reader = await command.ExecuteReaderAsync(cancel);
            await read(reader);
        }),
    };

    private ToolHarness Tool() => new(_bench.Environment()) { Folder = _bench.Folder };
}
