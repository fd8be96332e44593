using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;
using Xunit;
using static Sluice.ServerTests.Destinations.LoadHarness;

namespace Sluice.ServerTests.Destinations;

/// <summary>Tables of a DuckDB file that others have made or changed: what is kept, and what is named with the statement that helps.</summary>
public sealed class DuckDbObstacleTests : IAsyncDisposable
{
    private static readonly Resource Things = Table(Is("name", ColumnType.Text), Is("created", ColumnType.UnixTime));
    private static readonly TableJob Merged = Job(Things, Strategy.Merge);
    private static readonly TableJob Replaced = Job(Things, Strategy.Replace);

    private readonly FilePlace _place = new("duckdb", "out.duckdb");

    private LoadHarness Desk => field ??= new LoadHarness(_place);

    public ValueTask DisposeAsync() => _place.DisposeAsync();

    [Theory]
    [InlineData("id BIGINT, name VARCHAR, _dlt_load_id VARCHAR NOT NULL, _dlt_id VARCHAR NOT NULL", "_dlt_load_id is NOT NULL", true)]
    [InlineData("id INTEGER, name VARCHAR, created TIMESTAMP", "id is INTEGER and would have to be BIGINT; created is TIMESTAMP", true)]
    [InlineData("raw VARCHAR PRIMARY KEY, id BIGINT", "raw is NOT NULL", false)]
    public async Task A_table_of_another_program_is_refused_before_anything_is_read_and_what_helps_helps(
        string columns, string words, bool hasStatement)
    {
        Query($"CREATE SCHEMA crm; CREATE TABLE crm.things ({columns})");

        var refused = await TryAsync(Merged, Record(1, "a"));

        Assert.Contains(words, refused.Error, StringComparison.Ordinal);
        Assert.Contains("--full-refresh", refused.Hint, StringComparison.Ordinal);
        Assert.Equal("0", Query("SELECT count(*) FROM crm.things"));
        if (hasStatement)
        {
            Query(Remedies.Of(refused));
            Assert.Equal((TableOutcome.Done, null), Ended(await TryAsync(Merged, Record(1, "a"))));
            Assert.Equal("1a", Query("SELECT id || name FROM crm.things"));
        }

        var anew = await Desk.TryLoadAsync(_place.Uri, Replaced, LoadScenario.Plain with { FullRefresh = true }, [Record(2, "b")]);
        Assert.Equal((TableOutcome.Done, null), Ended(anew));
        Assert.Equal("2b", Query("SELECT id || name FROM crm.things"));
    }

    [Theory]
    [InlineData("id BIGINT, n VARCHAR, name VARCHAR GENERATED ALWAYS AS (n || '!')", "name is computed by the database")]
    [InlineData("id BIGINT, name VARCHAR, extra VARCHAR GENERATED ALWAYS AS (upper(name))", "extra is computed by the database")]
    [InlineData("id BIGINT, name VARCHAR CHECK (length(name) < 3)", "CHECK constraint failed")]
    [InlineData("id BIGINT, name VARCHAR REFERENCES crm.names (name)", "foreign key")]
    [InlineData("id BIGINT, name ENUM ('a', 'b'), extra UUID", null)]
    [InlineData("id BIGINT, name VARCHAR[], created DATE", "created is DATE and would have to be TIMESTAMP")]
    [InlineData("id DECIMAL(10, 2), name VARCHAR DEFAULT 'x', extra STRUCT(a BIGINT)", "id is DECIMAL(10,2)")]
    public async Task What_a_column_does_not_take_is_told_and_what_is_said_helps(string columns, string? words)
    {
        Query($"CREATE SCHEMA crm; CREATE TABLE crm.names (name VARCHAR PRIMARY KEY); CREATE TABLE crm.things ({columns})");
        const string Row = """{"id":7,"name":"long","created":1767225600,"extra":"x"}""";

        var report = await TryAsync(Merged, Row);

        Assert.Equal(words is null, report.Outcome == TableOutcome.Done);
        Assert.Contains(words ?? "", report.Error ?? "", StringComparison.OrdinalIgnoreCase);
        if (report.Hint is { } hint && hint.Contains("TABLE", StringComparison.Ordinal))
        {
            Query(Remedies.Of(report));
            report = await TryAsync(Merged, Row);
        }
        else if (report.Hint is { } other)
        {
            var replaces = other.Contains("--full-refresh", StringComparison.Ordinal);
            Assert.Contains("--dest-table", other, StringComparison.Ordinal);
            report = replaces
                ? await Desk.TryLoadAsync(_place.Uri, Replaced, LoadScenario.Plain with { FullRefresh = true }, [Row])
                : await TryAsync(Merged with { Table = "elsewhere" }, Row);
        }

        Assert.Equal((TableOutcome.Done, null), Ended(report));
        Assert.Equal(1, report.TableRows);
    }

    [Fact]
    public async Task What_was_made_upon_a_table_outlives_its_replacement_and_a_column_that_does_not_is_named()
    {
        await Desk.LoadAsync(Replaced, LoadScenario.Plain, [Record(1, "a")]);
        Query(
            """
            CREATE INDEX mine ON crm.things (name); CREATE UNIQUE INDEX one ON crm.things (id); CREATE VIEW crm.seen AS SELECT name FROM crm.things;
            COMMENT ON TABLE crm.things IS 'it''s ours'; COMMENT ON COLUMN crm.things.name IS 'a name'; ALTER TABLE crm.things ADD COLUMN note VARCHAR
            """);

        var report = await Desk.LoadAsync(Replaced, LoadScenario.Plain, [Record(1, "b"), Record(2, "c")]);

        Assert.Equal(("note", 2L), (Assert.Single(report.SchemaChanges).Column, report.TableRows));
        Assert.Equal("b,c", Query("SELECT string_agg(name, ',' ORDER BY name) FROM crm.seen"));
        Assert.Equal("mine,one", Query("SELECT string_agg(index_name, ',' ORDER BY index_name) FROM duckdb_indexes()"));
        Assert.Equal("it's ours", Query("SELECT comment FROM duckdb_tables() WHERE table_name = 'things'"));
        Assert.Equal("a name", Query("SELECT comment FROM duckdb_columns() WHERE table_name = 'things' AND column_name = 'name'"));
    }

    [Fact]
    public async Task Constraints_and_defaults_keep_their_table_when_its_rows_are_replaced()
    {
        Query(
            """
            CREATE SCHEMA crm; CREATE TABLE crm.things (
              id BIGINT PRIMARY KEY, name VARCHAR CHECK (name <> 'x'), note VARCHAR DEFAULT 'mine',
              loud VARCHAR GENERATED ALWAYS AS (upper(name)), own INT)
            """);
        await Desk.LoadAsync(Replaced, LoadScenario.Plain, [Record(1, "a"), Record(2, "b")]);
        Query("UPDATE crm.things SET own = 7");
        var report = await Desk.LoadAsync(Replaced, LoadScenario.Plain, [Record(2, "b"), Record(3, "c")]);

        Assert.Equal(("own", 2L), (Assert.Single(report.SchemaChanges).Column, report.TableRows));
        Assert.Equal("2bBmine,3cCmine", Query("SELECT string_agg(id || name || loud || note, ',' ORDER BY id) FROM crm.things"));
        Assert.Equal("3", Query("SELECT count(DISTINCT constraint_type) FROM duckdb_constraints() WHERE table_name = 'things'"));
        var refused = await TryAsync(Replaced, Record(4, "x"));
        Assert.DoesNotContain("run the same command again", refused.Hint, StringComparison.Ordinal);
        Assert.Equal("2", Query("SELECT count(*) FROM crm.things"));
        Query(Remedies.Of(refused));
        Assert.Equal((TableOutcome.Done, null), Ended(await TryAsync(Replaced, Record(4, "x"))));
    }

    [Fact]
    public async Task A_key_of_a_table_in_other_letters_outlives_the_replacement_of_its_rows()
    {
        Query("CREATE SCHEMA crm; CREATE TABLE crm.Things (id BIGINT PRIMARY KEY, name VARCHAR)");
        await Desk.LoadAsync(Replaced, LoadScenario.Plain, [Record(1, "a")]);

        Assert.Equal("1", Query("SELECT count(*) FROM duckdb_constraints() WHERE table_name = 'Things' AND constraint_type = 'PRIMARY KEY'"));
        Assert.Equal("1a", Query("SELECT id || name FROM crm.things"));
    }

    [Theory]
    [InlineData("CREATE INDEX mine ON crm.things (name)", """{"id":1,"extra":"one"}""")]
    [InlineData("CREATE INDEX mine ON crm.things (extra)", """{"id":1,"extra":"one"}""")]
    [InlineData("CREATE UNIQUE INDEX mine ON crm.things (name)", """{"id":2,"name":"a"}""")]
    [InlineData("ALTER TABLE crm.things ALTER COLUMN name SET NOT NULL", """{"id":2}""")]
    public async Task An_index_or_a_rule_in_the_way_is_named_with_the_statement_that_helps(string made, string record)
    {
        await Desk.LoadAsync(Merged, LoadScenario.Plain, ["""{"id":1,"name":"a","extra":1}"""]);
        Query(made);

        var refused = await TryAsync(Merged, record);

        Assert.DoesNotContain("run the same command again", refused.Hint, StringComparison.Ordinal);
        Query(Remedies.Of(refused));
        Assert.Equal((TableOutcome.Done, null), Ended(await TryAsync(Merged, record)));
    }

    [Theory]
    [InlineData("crm.things")]
    [InlineData("Crm.Things")]
    public async Task A_name_that_is_taken_by_a_view_is_told_with_the_statement_that_helps(string name)
    {
        Query($"CREATE SCHEMA {name.Split('.')[0]}; CREATE VIEW {name} AS SELECT 1 AS id");
        var refused = await TryAsync(Replaced, Record(1, "a"));
        Assert.Contains("crm.things is the name of a view", refused.Error, StringComparison.Ordinal);
        Query(Remedies.Of(refused));
        Assert.Equal((TableOutcome.Done, null), Ended(await TryAsync(Replaced, Record(1, "a"))));
    }

    [Fact]
    public async Task A_table_that_another_one_refers_to_is_left_alone_and_another_name_helps()
    {
        Query("CREATE SCHEMA crm; CREATE TABLE crm.things (id BIGINT PRIMARY KEY); INSERT INTO crm.things VALUES (1)");
        Query("CREATE TABLE crm.orders (thing BIGINT REFERENCES crm.things (id)); INSERT INTO crm.orders VALUES (1)");
        var refused = await TryAsync(Replaced, Record(2, "a"));
        Assert.Contains("--dest-table", refused.Hint, StringComparison.Ordinal);
        Assert.Equal("1", Query("SELECT id FROM crm.things"));
        Assert.Equal((TableOutcome.Done, null), Ended(await TryAsync(Replaced with { Table = "others" }, Record(2, "a"))));
    }

    private static string Record(long id, string name) => $$"""{"id":{{id}},"name":"{{name}}","created":1767225600}""";

    private static (TableOutcome Outcome, string? Error) Ended(TableReport report) => (report.Outcome, report.Error);

    private Task<TableReport> TryAsync(TableJob job, string record) => Desk.TryLoadAsync(_place.Uri, job, LoadScenario.Plain, [record]);

    private string Query(string sql) => _place.AskDuckDb(sql);
}
