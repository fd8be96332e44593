using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;
using Xunit;
using static Sluice.ServerTests.Destinations.LoadHarness;

namespace Sluice.ServerTests.Destinations;

/// <summary>
/// Partitions, tables that inherit, and columns of domains: what they have of something else is changed there, and each statement that is named
/// helps.
/// </summary>
public sealed class PostgresPartitionTests(PostgresObstacleTests.SharedPlace shared)
    : IClassFixture<PostgresObstacleTests.SharedPlace>, IAsyncLifetime
{
    private const string Partition =
        "CREATE TABLE crm.whole (LIKE crm.things) PARTITION BY LIST (created); ALTER TABLE crm.whole ATTACH PARTITION crm.things DEFAULT; ";

    private const string Heir = "CREATE TABLE crm.whole (LIKE crm.things); ALTER TABLE crm.things INHERIT crm.whole; ";

    private const string Reference =
        "CREATE TABLE crm.names (name text PRIMARY KEY); INSERT INTO crm.names VALUES ('a'); "
            + "ALTER TABLE crm.whole ADD FOREIGN KEY (name) REFERENCES crm.names";

    private const string Trigger =
        "CREATE FUNCTION crm.no() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE EXCEPTION 'not here'; END$$; "
            + "CREATE TRIGGER mine BEFORE INSERT ON crm.whole FOR EACH ROW EXECUTE FUNCTION crm.no()";

    private const string Must =
        "ALTER TABLE crm.whole ADD COLUMN must text NOT NULL DEFAULT 'x'; ALTER TABLE crm.whole ALTER COLUMN must DROP DEFAULT";

    private const string Loud = "ALTER TABLE crm.whole ADD COLUMN loud text GENERATED ALWAYS AS (upper(name)) STORED";

    private const string Short =
        "CREATE DOMAIN crm.shorter AS text CONSTRAINT few CHECK (length(value) < 3); CREATE DOMAIN crm.short AS crm.shorter; ";

    private static readonly Resource Things = Table(Is("name", ColumnType.Text), Is("created", ColumnType.UnixTime), Is("data", ColumnType.Json));
    private static readonly TableJob Merged = Job(Things, Strategy.Merge);
    private static readonly TableJob Replaced = Job(Things, Strategy.Replace);

    private readonly PostgresPlace _place = shared.Place!;

    private LoadHarness Desk => field ??= new LoadHarness(_place) { WorkFolder = Path.Combine(_place.Folder, Guid.NewGuid().ToString("N")) };

    public async ValueTask InitializeAsync() => await QueryAsync("DROP SCHEMA IF EXISTS crm CASCADE");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData(Partition + "ALTER TABLE crm.whole ADD CONSTRAINT mine CHECK (name <> 'b')")]
    [InlineData(Partition + "ALTER TABLE crm.whole ALTER COLUMN name SET NOT NULL", """{"id":2,"extra":1}""")]
    [InlineData(Partition + "ALTER TABLE crm.whole ADD CONSTRAINT mine UNIQUE (created, name)", """{"id":2,"name":"a","created":1767225600}""")]
    [InlineData(Partition + "CREATE UNIQUE INDEX mine ON crm.whole (created, name)", """{"id":2,"name":"a","created":1767225600}""")]
    [InlineData(Partition + Reference)]
    [InlineData(Partition + Trigger)]
    [InlineData(Partition + Must)]
    [InlineData(Partition + Loud, """{"id":2,"name":"b","loud":"B"}""")]
    [InlineData(Partition, """{"id":2,"name":"b","extra":"two"}""")]
    [InlineData(Partition + "CREATE VIEW crm.seen AS SELECT extra FROM crm.whole", """{"id":2,"name":"b","extra":"two"}""")]
    [InlineData(Partition, """{"id":2,"name":"b","another":true,"more":{"a":1}}""")]
    [InlineData(Heir + "ALTER TABLE crm.whole ADD CONSTRAINT mine CHECK (name <> 'b')")]
    [InlineData(Heir + "ALTER TABLE crm.whole ALTER COLUMN name SET NOT NULL", """{"id":2,"extra":1}""")]
    [InlineData(Heir + Must)]
    [InlineData(Heir + Loud, """{"id":2,"name":"b","loud":"B"}""")]
    [InlineData(Heir, """{"id":2,"name":"b","extra":"two"}""")]
    [InlineData(Short + "ALTER TABLE crm.things ALTER COLUMN name TYPE crm.short", """{"id":2,"name":"long"}""")]
    [InlineData("CREATE DOMAIN crm.must AS text NOT NULL; ALTER TABLE crm.things ALTER COLUMN name TYPE crm.must", """{"id":2,"extra":1}""")]
    [InlineData("CREATE DOMAIN crm.most AS varchar(3); ALTER TABLE crm.things ALTER COLUMN name TYPE crm.most", """{"id":2,"name":"long"}""")]
    [InlineData("ALTER TABLE crm.things ADD PRIMARY KEY (name)", """{"id":2,"extra":1}""")]
    public async Task What_a_table_has_of_another_one_is_named_with_the_statement_that_helps(
        string made, string record = """{"id":2,"name":"b","created":1767225600}""")
    {
        await Desk.LoadAsync(Merged, LoadScenario.Plain, ["""{"id":1,"name":"a","created":1767225600,"extra":1}"""]);
        await QueryAsync(made);

        var refused = await TryAsync(Merged, record);

        Assert.Equal("1", await QueryAsync("SELECT count(*) FROM crm.things"));
        await HelpAsync(refused, Merged, record, most: 1);
        Assert.Equal("2", await QueryAsync("SELECT count(*) FROM crm.things"));
    }

    [Theory]
    [InlineData(
        "CREATE TABLE crm.whole (id bigint, n text, name text GENERATED ALWAYS AS (n || '!') STORED) PARTITION BY LIST (id); "
            + "CREATE TABLE crm.half PARTITION OF crm.whole DEFAULT PARTITION BY LIST (n); CREATE TABLE crm.things PARTITION OF crm.half DEFAULT")]
    [InlineData(
        "CREATE TABLE crm.whole (raw text PRIMARY KEY, id numeric, name text) PARTITION BY LIST (raw); "
            + "CREATE TABLE crm.things PARTITION OF crm.whole DEFAULT")]
    [InlineData("CREATE TABLE crm.whole (raw text PRIMARY KEY, name text); CREATE TABLE crm.things (id bigint) INHERITS (crm.whole)")]
    [InlineData("CREATE TYPE crm.thing AS (id bigint, name text); CREATE TABLE crm.things OF crm.thing")]
    [InlineData("CREATE DOMAIN crm.some AS bigint CHECK (value > 0); CREATE TABLE crm.things (id crm.some, name text)")]
    [InlineData("CREATE DOMAIN crm.some AS numeric; CREATE TABLE crm.things (id crm.some, name text)")]
    public async Task A_table_that_others_made_of_another_one_takes_the_rows_after_what_is_said(string made)
    {
        await QueryAsync($"CREATE SCHEMA crm; {made}");

        await HelpAsync(await TryAsync(Merged, Record(1, "a")), Merged, Record(1, "a"), most: 3);

        Assert.Equal("1|a", await QueryAsync("SELECT id, name FROM crm.things"));
        Assert.Equal((TableOutcome.Done, null), Ended(await TryAsync(Merged, Record(1, "b"))));
    }

    [Fact]
    public async Task Rows_of_another_partition_are_told_with_the_statement_that_helps()
    {
        await Desk.LoadAsync(Merged, LoadScenario.Plain, [Record(1, "a")]);
        await QueryAsync(
            "CREATE TABLE crm.whole (LIKE crm.things) PARTITION BY LIST (name); "
                + "ALTER TABLE crm.whole ATTACH PARTITION crm.things FOR VALUES IN ('a')");

        var refused = await TryAsync(Merged, Record(2, "b"));

        Assert.Contains("is a partition of crm.whole, and takes no other rows than its own", refused.Hint, StringComparison.Ordinal);
        await HelpAsync(refused, Merged, Record(2, "b"), most: 1);
    }

    [Fact]
    public async Task A_column_that_tables_are_partitioned_by_can_t_widen_and_another_table_is_advised()
    {
        await Desk.LoadAsync(Merged, LoadScenario.Plain, ["""{"id":1,"extra":1}"""]);
        await QueryAsync(
            "CREATE TABLE crm.whole (LIKE crm.things) PARTITION BY LIST (extra); ALTER TABLE crm.whole ATTACH PARTITION crm.things DEFAULT");

        var refused = await TryAsync(Merged, """{"id":2,"extra":"two"}""");

        Assert.Equal("Tables are partitioned by it: name another table with --dest-table.", refused.Hint);
        Assert.Equal((TableOutcome.Done, null), Ended(await TryAsync(Merged with { Table = "elsewhere" }, """{"id":2,"extra":"two"}""")));
    }

    [Theory]
    [InlineData(Partition)]
    [InlineData(Heir)]
    public async Task A_table_that_is_replaced_stays_what_it_is_of_the_table_above_it(string made)
    {
        await Desk.LoadAsync(Replaced, LoadScenario.Plain, [Record(1, "a"), Record(2, "b")]);
        await QueryAsync(made);

        await Desk.LoadAsync(Replaced, LoadScenario.Plain, [Record(3, "c")]);

        Assert.Equal("3|c", await QueryAsync("SELECT id, name FROM crm.whole"));
    }

    [Theory]
    [InlineData("CREATE TABLE crm.whole (id numeric, name text) PARTITION BY LIST (name); CREATE TABLE crm.things PARTITION OF crm.whole DEFAULT")]
    [InlineData("CREATE TABLE crm.whole (id numeric); CREATE TABLE crm.things (name text) INHERITS (crm.whole)")]
    [InlineData("CREATE TABLE crm.things (id numeric, name text); CREATE TABLE crm.more (n int) INHERITS (crm.things)")]
    public async Task A_full_refresh_that_would_take_a_table_from_another_one_says_how_that_is_done(string made)
    {
        await QueryAsync($"CREATE SCHEMA crm; {made}");
        var anew = LoadScenario.Plain with { FullRefresh = true };

        var refused = await Desk.TryLoadAsync(_place.Uri, Replaced, anew, [Record(1, "a")]);

        Assert.Contains("must be replaced", refused.Error, StringComparison.Ordinal);
        await QueryAsync(Remedies.Of(refused));
        Assert.Equal((TableOutcome.Done, null), Ended(await Desk.TryLoadAsync(_place.Uri, Replaced, anew, [Record(1, "a")])));
        Assert.Equal("1|a", await QueryAsync("SELECT id, name FROM crm.things"));
    }

    private static string Record(long id, string name) => $$$"""{"id":{{{id}}},"name":"{{{name}}}","created":1767225600,"data":{"a":1}}""";

    private static (TableOutcome Outcome, string? Error) Ended(TableReport report) => (report.Outcome, report.Error);

    // Carries out what is said until nothing more is.
    private async Task HelpAsync(TableReport report, TableJob job, string record, int most)
    {
        for (var tries = 0; report.Outcome != TableOutcome.Done; tries++)
        {
            Assert.True(tries < most, $"{report.Error} {report.Hint}");
            await QueryAsync(Remedies.Of(report));
            report = await TryAsync(job, record);
        }
    }

    private Task<TableReport> TryAsync(TableJob job, string record) => Desk.TryLoadAsync(_place.Uri, job, LoadScenario.Plain, [record]);

    private Task<string> QueryAsync(string sql) => _place.Database.QueryAsync(sql);
}
