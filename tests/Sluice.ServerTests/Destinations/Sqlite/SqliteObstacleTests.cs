using Microsoft.Data.Sqlite;
using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;
using Xunit;
using static Sluice.ServerTests.Destinations.LoadHarness;

namespace Sluice.ServerTests.Destinations;

/// <summary>Tables of a SQLite file that others have made or changed: what is kept, and what is named with the statement that helps.</summary>
public sealed class SqliteObstacleTests : IAsyncDisposable
{
    private static readonly Resource Things = Table(Is("name", ColumnType.Text), Is("created", ColumnType.UnixTime));
    private static readonly TableJob Merged = Job(Things, Strategy.Merge) with { Schema = "customerio" };
    private static readonly TableJob Replaced = Merged with { Strategy = Strategy.Replace };

    private readonly FilePlace _place = new("sqlite", "out.db");

    private LoadHarness Desk => field ??= new LoadHarness(_place);

    public ValueTask DisposeAsync() => _place.DisposeAsync();

    [Theory]
    [InlineData("id INTEGER, name TEXT, _dlt_load_id TEXT NOT NULL", "_dlt_load_id is NOT NULL")]
    [InlineData("id INTEGER, created DATETIME", "created is DATETIME and would have to be TIMESTAMPTZ")]
    [InlineData("id INTEGER, name TEXT AS (upper(id))", "name is computed by the database")]
    public async Task A_table_of_another_program_is_refused_before_anything_is_read_and_a_full_refresh_replaces_it(string columns, string words)
    {
        Query($"CREATE TABLE things ({columns})");

        var refused = await TryAsync(Merged, Record(1, "a"));

        Assert.Equal(TableOutcome.Failed, refused.Outcome);
        Assert.Contains(words, refused.Error, StringComparison.Ordinal);
        Assert.Contains("--full-refresh", refused.Hint, StringComparison.Ordinal);
        Assert.Equal("0", Query("SELECT count(*) FROM things"));
        var anew = await Desk.TryLoadAsync(_place.Uri, Replaced, LoadScenario.Plain with { FullRefresh = true }, [Record(2, "b")]);
        Assert.Equal((TableOutcome.Done, null), Ended(anew));
        Assert.Equal("2b", Query("SELECT id || name FROM things"));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" WITHOUT ROWID")]
    [InlineData(" STRICT")]
    public async Task What_stands_behind_the_types_outlives_a_widening_and_a_replacement(string ending)
    {
        Query(
            $"""
            CREATE TABLE things (
              id INTEGER PRIMARY KEY NOT NULL, -- known by it, (always
              name TEXT CHECK (name <> 'x, (y'), created TEXT, [extra] INTEGER DEFAULT (7), note TEXT NOT NULL DEFAULT 'mine',
              loud TEXT GENERATED ALWAYS AS (upper(name)) VIRTUAL, "deleted at" TEXT, _sluice_loaded_at TEXT, _sluice_run_id TEXT,
              CONSTRAINT short CHECK (length(name) < 9)){ending}
            """);
        await Desk.LoadAsync(Merged, LoadScenario.Plain, ["""{"id":1,"name":"a","extra":1}"""]);

        var widened = await Desk.LoadAsync(Merged, LoadScenario.Plain, ["""{"id":2,"name":"b","extra":"two"}"""]);
        await Desk.LoadAsync(Replaced, LoadScenario.Plain, ["""{"id":2,"name":"b","extra":"two"}""", """{"id":3,"name":"c"}"""]);

        Assert.Equal("widened from BIGINT to VARCHAR", Assert.Single(widened.SchemaChanges).Change);
        Assert.Equal("2bBminetwo,3cCmine", Query("SELECT group_concat(id || name || loud || note || coalesce(extra, '')) FROM things"));
        Query("INSERT INTO things (id, name) VALUES (9, 'd')");
        Assert.Equal("7text", Query("SELECT extra || typeof(extra) FROM things WHERE id = 9"));
        Assert.Throws<SqliteException>(() => Query("INSERT INTO things (id, name) VALUES (10, 'x, (y')"));
        var refused = await TryAsync(Merged, Record(10, "much too long"));
        Query(Remedies.Of(refused));
        Assert.Equal((TableOutcome.Done, null), Ended(await TryAsync(Merged, Record(10, "much too long"))));
    }

    [Theory]
    [InlineData("id INTEGER, name TEXT")]
    [InlineData("id INT PRIMARY KEY, name ANY, created TEXT")]
    public async Task A_strict_table_gets_new_columns_of_types_that_it_knows(string columns)
    {
        Query($"CREATE TABLE things ({columns}) STRICT");
        Query("CREATE TRIGGER mine AFTER INSERT ON things BEGIN SELECT 1; END");
        const string Full = """{"id":1,"name":"007","created":1767225600,"done":true,"data":{"a":1},"rate":0.5}""";

        var first = await TryAsync(Merged, Full);
        var again = await TryAsync(Merged, Full);
        var replaced = await TryAsync(Replaced, Full);

        Assert.All([first, again, replaced], report => Assert.Equal((TableOutcome.Done, null), Ended(report)));
        Assert.Equal((1L, 1L), (again.Unchanged, replaced.Rows));
        Assert.Equal(
            """007|2026-01-01 00:00:00+00|true|{"a":1}|0.5""", Query("SELECT concat_ws('|', name, created, done, data, rate) FROM things"));
    }

    [Theory]
    [InlineData("id INTEGER, name BLOB", """{"id":1,"name":"a","created":1767225600}""", "1a")]
    [InlineData("id INTEGER, done INTEGER", """{"id":1,"name":"a","done":true}""", "1a")]
    public async Task A_column_of_a_strict_table_that_takes_no_such_value_is_widened_or_named_with_what_helps(
        string columns, string record, string row)
    {
        Query($"CREATE TABLE things ({columns}) STRICT");

        var report = await TryAsync(Merged, record);

        if (report.Outcome != TableOutcome.Done)
        {
            Assert.Contains("--columns 'done:text'", report.Hint, StringComparison.Ordinal);
            report = await TryAsync(
                Merged with { TypeOverrides = new Dictionary<string, ColumnType>(StringComparer.Ordinal) { ["done"] = ColumnType.Text } }, record);
        }

        Assert.Equal((TableOutcome.Done, null), Ended(report));
        Assert.Equal(row, Query("SELECT id || name FROM things"));
    }

    [Fact]
    public async Task A_trigger_that_has_nothing_to_do_with_an_error_is_not_advised_against()
    {
        await Desk.LoadAsync(Merged, LoadScenario.Plain, [Record(1, "a")]);
        Query("CREATE TRIGGER other AFTER INSERT ON things BEGIN SELECT 1; END");
        Query("CREATE TRIGGER mine BEFORE INSERT ON things BEGIN SELECT RAISE(ABORT, 'not here'); END");

        var refused = await TryAsync(Merged, Record(2, "b"));

        Assert.Equal("DROP TRIGGER \"mine\";", Remedies.Of(refused));
    }

    [Theory]
    [InlineData("CREATE UNIQUE INDEX mine ON things (name)", """{"id":2,"name":"a"}""")]
    [InlineData("CREATE TRIGGER mine BEFORE INSERT ON things BEGIN SELECT RAISE(ABORT, 'not here'); END", """{"id":2,"name":"b"}""")]
    [InlineData("CREATE TRIGGER mine AFTER INSERT ON things BEGIN INSERT INTO gone VALUES (1); END", """{"id":2,"name":"b"}""")]
    public async Task An_index_or_a_trigger_in_the_way_is_named_with_the_statement_that_helps(string made, string record)
    {
        await Desk.LoadAsync(Merged, LoadScenario.Plain, [Record(1, "a")]);
        Query(made);

        var refused = await TryAsync(Merged, record);

        Assert.DoesNotContain("run the same command again", refused.Hint, StringComparison.Ordinal);
        Query(Remedies.Of(refused));
        Assert.Equal((TableOutcome.Done, null), Ended(await TryAsync(Merged, record)));
        Assert.Equal("2", Query("SELECT count(*) FROM things"));
    }

    [Theory]
    [InlineData("CREATE VIEW things AS SELECT 1 AS id", "a view")]
    [InlineData("CREATE VIRTUAL TABLE things USING fts5(name)", "a virtual table")]
    public async Task A_name_that_is_taken_by_a_view_is_told_with_the_statement_that_helps(string made, string words)
    {
        Query(made);
        var refused = await TryAsync(Merged, Record(1, "a"));
        Assert.Contains($"customerio.things is the name of {words}", refused.Error, StringComparison.Ordinal);
        Query(Remedies.Of(refused));
        Assert.Equal((TableOutcome.Done, null), Ended(await TryAsync(Merged, Record(1, "a"))));
    }

    [Fact]
    public async Task A_table_that_gets_too_wide_for_sqlite_takes_new_fields_in_one_column()
    {
        Query($"CREATE TABLE things (id INTEGER, {string.Join(", ", Enumerable.Range(0, 1950).Select(field => $"f{field} INTEGER"))})");
        var refused = await TryAsync(Merged, Wide(60, 2000));
        Assert.Contains("too many columns", refused.Error, StringComparison.Ordinal);
        Assert.Contains("--schema-contract json", refused.Hint, StringComparison.Ordinal);
        var json = LoadScenario.Plain with { Contract = SchemaContract.Json };
        Assert.Equal((TableOutcome.Done, null), Ended(await Desk.TryLoadAsync(_place.Uri, Merged, json, [Wide(60, 2000)])));
        Assert.Equal("2059", Query("SELECT json_extract(_extra, '$.f2059') FROM things WHERE id = 9"));
    }

    private static string Wide(int fields, int from) =>
        $"{{\"id\":9,{string.Join(',', Enumerable.Range(from, fields).Select(field => $"\"f{field}\":{field}"))}}}";

    private static string Record(long id, string name) => $$"""{"id":{{id}},"name":"{{name}}","created":1767225600}""";

    private static (TableOutcome Outcome, string? Error) Ended(TableReport report) => (report.Outcome, report.Error);

    private Task<TableReport> TryAsync(TableJob job, string record) => Desk.TryLoadAsync(_place.Uri, job, LoadScenario.Plain, [record]);

    private string Query(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_place.Path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToString(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture)!;
    }
}
