using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;
using Xunit;
using static Sluice.ServerTests.Destinations.LoadHarness;

namespace Sluice.ServerTests.Destinations.MySql;

/// <summary>Tables that others have made or changed: what does not fit is named with the statement that helps, and that statement helps.</summary>
public sealed class MySqlObstacleTests : MySqlTests
{
    private static readonly Resource Things = Table(Is("name", ColumnType.Text), Is("created", ColumnType.UnixTime), Is("data", ColumnType.Json));
    private static readonly TableJob Merged = Job(Things, Strategy.Merge);

    private const string Text = "varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin";

    private const string Signal =
        "CREATE TRIGGER mine BEFORE INSERT ON crm___things FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'not here'; "
            + "CREATE TRIGGER other AFTER INSERT ON crm___things FOR EACH ROW SET @seen = 1";

    private const string Reference =
        "CREATE TABLE names (name " + Text + " PRIMARY KEY) ENGINE=InnoDB; INSERT INTO names VALUES ('a'); ALTER TABLE crm___things MODIFY name "
            + Text + ", ADD CONSTRAINT mine FOREIGN KEY (name) REFERENCES names (name)";

    [Theory]
    [InlineData("MODIFY name " + Text + ", ADD UNIQUE INDEX mine (name)", """{"id":2,"name":"a"}""")]
    [InlineData("ADD CONSTRAINT mine CHECK (name <> 'b')", """{"id":2,"name":"b"}""")]
    [InlineData("MODIFY name longtext COLLATE utf8mb4_nopad_bin CHECK (name <> 'b')", """{"id":2,"name":"b"}""")]
    [InlineData("MODIFY name " + Text + " NOT NULL", """{"id":2,"created":1767225600}""")]
    [InlineData("MODIFY name " + Text + " NOT NULL, ADD PRIMARY KEY (name)", """{"id":2,"created":1767225600}""")]
    [InlineData("MODIFY name varchar(3) COLLATE utf8mb4_nopad_bin", """{"id":2,"name":"long"}""")]
    [InlineData("MODIFY id int", """{"id":3000000000,"name":"b"}""")]
    [InlineData("PARTITION BY LIST (id) (PARTITION one VALUES IN (1))", """{"id":2,"name":"b"}""")]
    [InlineData("ADD COLUMN loud varchar(20) AS (upper(name)) PERSISTENT", """{"id":2,"name":"b","loud":"B"}""")]
    [InlineData(Signal, """{"id":2,"name":"b"}""")]
    [InlineData("CREATE TRIGGER mine AFTER INSERT ON crm___things FOR EACH ROW INSERT INTO gone VALUES (1)", """{"id":2,"name":"b"}""")]
    [InlineData(Reference, """{"id":2,"name":"b"}""")]
    public async Task A_rule_of_the_table_that_refuses_a_row_is_named_with_the_statement_that_helps(string made, string record)
    {
        await Desk.LoadAsync(Merged, LoadScenario.Plain, [Record(1, "a")]);
        await QueryAsync(made.StartsWith("CREATE", StringComparison.Ordinal) ? made : $"ALTER TABLE crm___things {made}");

        var refused = await TryAsync(record);

        Assert.DoesNotContain("run the same command again", refused.Hint, StringComparison.Ordinal);
        Assert.DoesNotContain("`other`", refused.Hint, StringComparison.Ordinal);
        Assert.Equal("1", await QueryAsync("SELECT count(*) FROM crm___things"));
        await QueryAsync(Remedies.Of(refused));
        Assert.Equal((TableOutcome.Done, null), Ended(await TryAsync(record)));
        Assert.Equal("2", await QueryAsync("SELECT count(*) FROM crm___things"));
    }

    [Theory]
    [InlineData("CREATE TABLE crm___things (id bigint, name longtext, _dlt_load_id varchar(20) NOT NULL)")]
    [InlineData("CREATE TABLE crm___things (raw_id varchar(20) PRIMARY KEY, id bigint, name longtext)")]
    [InlineData("CREATE TABLE crm___things (id bigint, n longtext, name varchar(20) AS (concat(n, '!')) PERSISTENT)")]
    [InlineData("CREATE TABLE crm___things (id bigint, n longtext, name varchar(20) AS (concat(n, '!')) VIRTUAL)")]
    [InlineData("CREATE VIEW crm___things AS SELECT 1 AS id")]
    [InlineData("CREATE SEQUENCE crm___things")]
    public async Task A_table_of_another_program_is_refused_and_the_statements_help(string made)
    {
        await QueryAsync(made);

        var report = await TryAsync(Record(1, "a"));

        if (report.Outcome != TableOutcome.Done)
        {
            await QueryAsync(Remedies.Of(report));
        }

        Assert.Equal((TableOutcome.Done, null), Ended(await TryAsync(Record(1, "a"))));
        Assert.Equal("1\ta", await QueryAsync("SELECT id, name FROM crm___things"));
    }

    private static string Record(long id, string name) => $$$"""{"id":{{{id}}},"name":"{{{name}}}","created":1767225600,"data":{"a":1}}""";

    private static (TableOutcome Outcome, string? Error) Ended(TableReport report) => (report.Outcome, report.Error);

    private Task<TableReport> TryAsync(string record) => Desk.TryLoadAsync(Place.Uri, Merged, LoadScenario.Plain, [record]);

    private Task<string> QueryAsync(string sql) => Place.Database.QueryAsync(sql);
}
