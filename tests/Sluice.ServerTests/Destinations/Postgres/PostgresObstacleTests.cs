using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;
using Xunit;
using static Sluice.ServerTests.Destinations.LoadHarness;

namespace Sluice.ServerTests.Destinations;

/// <summary>Tables that others have made or changed: what does not fit is named with the statement that helps, and that statement helps.</summary>
public sealed class PostgresObstacleTests(PostgresObstacleTests.SharedPlace shared) : IClassFixture<PostgresObstacleTests.SharedPlace>, IAsyncLifetime
{
    private static readonly Resource Things = Table(Is("name", ColumnType.Text), Is("created", ColumnType.UnixTime), Is("data", ColumnType.Json));
    private static readonly TableJob Merged = Job(Things, Strategy.Merge);
    private static readonly TableJob Replaced = Job(Things, Strategy.Replace);
    private static readonly LoadScenario Anew = LoadScenario.Plain with { FullRefresh = true };

    private const string Dlt =
        "CREATE TABLE crm.things (id bigint, name varchar, created timestamptz, _dlt_load_id varchar NOT NULL, _dlt_id varchar NOT NULL)";

    private const string Views = "CREATE VIEW crm.seen AS SELECT extra FROM crm.things; CREATE VIEW public.more AS SELECT * FROM crm.seen";

    private const string Rule =
        "CREATE TABLE crm.log (n bigint); CREATE RULE noted AS ON INSERT TO crm.things DO ALSO INSERT INTO crm.log VALUES (new.extra)";

    private const string AnyRule =
        "CREATE TABLE crm.log (n bigint); CREATE RULE noted AS ON INSERT TO crm.things DO ALSO INSERT INTO crm.log VALUES (new.id)";

    private const string Reference =
        "CREATE TABLE crm.names (name text PRIMARY KEY); INSERT INTO crm.names VALUES ('a'); ALTER TABLE crm.things ADD FOREIGN KEY (name) " +
            "REFERENCES crm.names";

    private const string Foreign =
        "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; CREATE FOREIGN TABLE crm.things (id bigint) SERVER s";

    private const string Function = "CREATE FUNCTION crm.no() RETURNS trigger LANGUAGE plpgsql AS";
    private const string Trigger = "CREATE TRIGGER mine BEFORE INSERT ON crm.things FOR EACH ROW EXECUTE FUNCTION crm.no()";

    private readonly PostgresPlace _place = shared.Place!;

    private LoadHarness Desk => field ??= new LoadHarness(_place) { WorkFolder = Path.Combine(_place.Folder, Guid.NewGuid().ToString("N")) };

    public async ValueTask InitializeAsync() => await QueryAsync("DROP SCHEMA IF EXISTS crm CASCADE");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData(Dlt, "_dlt_load_id is NOT NULL and the rows have no value for it; _dlt_id is NOT NULL")]
    [InlineData("CREATE TABLE crm.things (raw_id text PRIMARY KEY, id bigint, name text)", "raw_id is NOT NULL")]
    [InlineData("CREATE TABLE crm.things (id numeric, name text, created timestamp, data json)", "id is numeric and would have to be bigint")]
    [InlineData("CREATE TABLE crm.things (id bigint GENERATED ALWAYS AS IDENTITY, name text)", "id is numbered by the database")]
    [InlineData("CREATE TABLE crm.things (id bigint, n text, name text GENERATED ALWAYS AS (n || '!') STORED)", "name is computed by the database")]
    public async Task A_table_of_another_program_is_refused_before_anything_is_read_and_the_statements_help(string made, string words)
    {
        await QueryAsync($"CREATE SCHEMA crm; {made}");

        var refused = await TryAsync(Merged, Record(1, "a"));

        Assert.Contains(words, refused.Error, StringComparison.Ordinal);
        Assert.Equal("0", await QueryAsync("SELECT count(*) FROM crm.things"));
        Assert.Contains("--full-refresh", refused.Hint, StringComparison.Ordinal);
        await QueryAsync(Remedies.Of(refused));
        Assert.Equal((TableOutcome.Done, null), Ended(await TryAsync(Merged, Record(1, "a"))));
        Assert.Equal("1|a", await QueryAsync("SELECT id, name FROM crm.things"));
        Assert.Equal((TableOutcome.Done, null), Ended(await TryAsync(Merged, Record(1, "b"))));
    }

    [Theory]
    [InlineData(Dlt)]
    [InlineData("CREATE TABLE crm.things (id varchar(3) PRIMARY KEY, name integer NOT NULL, created timestamp, data json)")]
    public async Task A_full_refresh_replaces_a_table_of_another_program(string made)
    {
        await QueryAsync($"CREATE SCHEMA crm; {made}; INSERT INTO crm.things VALUES (7{(made == Dlt ? ", 'old', now(), 'a', 'b'" : ", 1")})");

        var report = await Desk.TryLoadAsync(_place.Uri, Replaced, Anew, [Record(1000, "a")]);

        Assert.Equal((TableOutcome.Done, null), Ended(report));
        Assert.Equal("1000|a", await QueryAsync("SELECT id, name FROM crm.things"));
        Assert.Equal(made == Dlt ? ["_dlt_load_id", "_dlt_id"] : [], report.SchemaChanges.Select(change => change.Column));
    }

    [Fact]
    public async Task A_table_of_another_program_with_a_view_is_replaced_when_the_view_is_gone()
    {
        await QueryAsync(
            $"CREATE SCHEMA crm; {Dlt}; CREATE VIEW crm.seen AS SELECT name FROM crm.things; CREATE VIEW crm.again AS SELECT * FROM crm.seen");

        var refused = await Desk.TryLoadAsync(_place.Uri, Replaced, Anew, [Record(1, "a")]);

        Assert.Contains("the view crm.seen", refused.Error, StringComparison.Ordinal);
        await QueryAsync(Remedies.Of(refused));
        Assert.Equal((TableOutcome.Done, null), Ended(await Desk.TryLoadAsync(_place.Uri, Replaced, Anew, [Record(1, "a")])));
    }

    [Theory]
    [InlineData(Views, "the view public.more, the view crm.seen")]
    [InlineData("CREATE MATERIALIZED VIEW crm.\"Seen\" AS SELECT extra FROM crm.things", "the materialized view crm.\"Seen\"")]
    [InlineData("ALTER TABLE crm.things ADD COLUMN twice bigint GENERATED ALWAYS AS (extra * 2) STORED", "the generated column twice")]
    [InlineData("CREATE INDEX mine ON crm.things ((extra + 1))", "the index crm.mine")]
    [InlineData(Rule, "the rule noted")]
    [InlineData("ALTER TABLE crm.things ADD CONSTRAINT positive CHECK (extra > 0)", "the constraint positive")]
    [InlineData("CREATE POLICY mine ON crm.things USING (extra = 1)", "the policy mine")]
    public async Task What_depends_on_a_column_that_must_widen_is_named_with_the_statement_that_helps(string made, string words)
    {
        await Desk.LoadAsync(Merged, LoadScenario.Plain, ["""{"id":1,"extra":1}"""]);
        await QueryAsync(made);

        var refused = await TryAsync(Merged, """{"id":1,"extra":"one"}""");

        Assert.Contains("extra from bigint to text", refused.Error, StringComparison.Ordinal);
        Assert.Contains(words, refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Include Error Detail", refused.Error + refused.Hint, StringComparison.Ordinal);
        await QueryAsync(Remedies.Of(refused));
        Assert.Equal((TableOutcome.Done, null), Ended(await TryAsync(Merged, """{"id":1,"extra":"one"}""")));
        Assert.Equal("one", await QueryAsync("SELECT extra FROM crm.things"));
    }

    [Theory]
    [InlineData("CREATE VIEW crm.things AS SELECT 1 AS id", "a view")]
    [InlineData("CREATE MATERIALIZED VIEW crm.things AS SELECT 1 AS id", "a materialized view")]
    [InlineData("CREATE SEQUENCE crm.things", "a sequence")]
    [InlineData("CREATE TYPE crm.things AS ENUM ('a')", "a type")]
    [InlineData(Foreign, "a foreign table")]
    public async Task A_name_that_is_taken_is_told_with_what_has_it(string made, string words)
    {
        await QueryAsync($"CREATE SCHEMA crm; {made}");

        var refused = await TryAsync(Replaced, Record(1, "a"));

        Assert.Contains($"crm.things is the name of {words}", refused.Error, StringComparison.Ordinal);
        await QueryAsync(Remedies.Of(refused));
        Assert.Equal((TableOutcome.Done, null), Ended(await TryAsync(Replaced, Record(1, "a"))));
    }

    [Theory]
    [InlineData("ALTER TABLE crm.things ALTER COLUMN name SET NOT NULL", """{"id":2}""")]
    [InlineData("ALTER TABLE crm.things ADD CONSTRAINT mine UNIQUE (name)", """{"id":2,"name":"a"}""")]
    [InlineData("CREATE UNIQUE INDEX mine ON crm.things (name)", """{"id":2,"name":"a"}""")]
    [InlineData("ALTER TABLE crm.things ADD CONSTRAINT mine CHECK (name <> 'b')", """{"id":2,"name":"b"}""")]
    [InlineData(Reference, """{"id":2,"name":"b"}""")]
    [InlineData(Function + " $$BEGIN RAISE EXCEPTION 'not here'; END$$; " + Trigger, """{"id":2,"name":"b"}""")]
    [InlineData(Function + " $$BEGIN PERFORM 1 / 0; RETURN new; END$$; " + Trigger, """{"id":2,"name":"b"}""")]
    [InlineData(AnyRule, """{"id":2,"name":"b"}""")]
    [InlineData("ALTER TABLE crm.things ALTER COLUMN id TYPE integer", """{"id":3000000000,"name":"b"}""")]
    [InlineData("ALTER TABLE crm.things ALTER COLUMN name TYPE varchar(3)", """{"id":2,"name":"long"}""")]
    public async Task A_rule_of_the_table_that_refuses_a_row_is_named_with_the_statement_that_helps(string made, string record)
    {
        await Desk.LoadAsync(Merged, LoadScenario.Plain, [Record(1, "a")]);
        await QueryAsync(made);

        var refused = await TryAsync(Merged, record);

        Assert.DoesNotContain("run the same command again", refused.Hint, StringComparison.Ordinal);
        Assert.Equal("1", await QueryAsync("SELECT count(*) FROM crm.things"));
        await QueryAsync(Remedies.Of(refused));
        Assert.Equal((TableOutcome.Done, null), Ended(await TryAsync(Merged, record)));
        Assert.Equal("2", await QueryAsync("SELECT count(*) FROM crm.things"));
    }

    [Fact]
    public async Task A_reference_of_another_table_that_keeps_rows_from_being_replaced_is_named_with_the_statement_that_helps()
    {
        await Desk.LoadAsync(Replaced, LoadScenario.Plain, [Record(1, "a")]);
        await QueryAsync("ALTER TABLE crm.things ADD PRIMARY KEY (id); CREATE TABLE crm.orders (thing bigint REFERENCES crm.things)");
        await QueryAsync("INSERT INTO crm.orders VALUES (1)");
        var refused = await TryAsync(Replaced, Record(2, "b"));
        Assert.Contains("foreign key constraint", refused.Error, StringComparison.Ordinal);
        await QueryAsync(Remedies.Of(refused));
        Assert.Equal((TableOutcome.Done, null), Ended(await TryAsync(Replaced, Record(2, "b"))));
        Assert.Equal("2", await QueryAsync("SELECT id FROM crm.things"));
    }

    [Fact]
    public async Task A_limit_or_a_right_of_a_role_is_named_with_the_statement_that_helps()
    {
        var uri = await _place.Database.NewPowerlessRoleAsync();
        var role = new Uri(uri).UserInfo.Split(':')[0];
        await Desk.LoadAsync(Merged, LoadScenario.Plain, [Record(1, "a")]);
        await QueryAsync($"GRANT TEMPORARY ON DATABASE {_place.Database.Name} TO {role}; GRANT USAGE, CREATE ON SCHEMA crm TO {role}");
        await HelpsAsync("permission denied", 2);
        await QueryAsync($"{Function} $$BEGIN PERFORM pg_sleep(4); RETURN new; END$$; {Trigger}");
        await QueryAsync($"ALTER ROLE {role} SET statement_timeout = '3s'");
        await HelpsAsync("statement timeout", 3);
        await QueryAsync($"ALTER ROLE {role} SET default_transaction_read_only = on");
        await HelpsAsync("takes no writes", 4);
        await QueryAsync("ALTER TABLE crm.things ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY");
        await HelpsAsync("row-level security", 5);

        async Task HelpsAsync(string words, long id)
        {
            var refused = await Desk.TryLoadAsync(uri, Merged, LoadScenario.Plain, [Record(id, "b")]);
            Assert.Contains(words, refused.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("run the same command again", refused.Hint, StringComparison.Ordinal);
            await QueryAsync(Remedies.Of(refused));
            var helped = await Desk.TryLoadAsync(uri, Merged, LoadScenario.Plain, [Record(id, "b")]);
            Assert.True(helped.Outcome == TableOutcome.Done, $"{helped.Error} {helped.Hint}");
        }
    }

    [Fact]
    public async Task A_table_that_gets_too_wide_for_postgresql_takes_new_fields_in_one_column()
    {
        var columns = string.Join(", ", Enumerable.Range(0, 1550).Select(field => $"f{field} bigint"));
        await QueryAsync($"CREATE SCHEMA crm; CREATE TABLE crm.things (id bigint, {columns})");

        var tooMany = await TryAsync(Merged, Wide(50, 2000));
        var tooLong = await TryAsync(Merged, Wide(1100, 0));

        Assert.Contains("1600 columns", tooMany.Error, StringComparison.Ordinal);
        Assert.Contains("row is too big", tooLong.Error, StringComparison.Ordinal);
        Assert.All([tooMany, tooLong], refused => Assert.Contains("--schema-contract json", refused.Hint, StringComparison.Ordinal));
        var json = LoadScenario.Plain with { Contract = SchemaContract.Json };
        Assert.Equal((TableOutcome.Done, null), Ended(await Desk.TryLoadAsync(_place.Uri, Merged, json, [Wide(50, 2000)])));
        Assert.Equal("2001", await QueryAsync("SELECT _extra->>'f2001' FROM crm.things WHERE id = 9"));
    }

    private static string Wide(int fields, int from) =>
        $"{{\"id\":9,{string.Join(',', Enumerable.Range(from, fields).Select(field => $"\"f{field}\":{field}"))}}}";

    private static string Record(long id, string name) => $$$"""{"id":{{{id}}},"name":"{{{name}}}","created":1767225600,"data":{"a":1}}""";

    private static (TableOutcome Outcome, string? Error) Ended(TableReport report) => (report.Outcome, report.Error);

    private Task<TableReport> TryAsync(TableJob job, string record) => Desk.TryLoadAsync(_place.Uri, job, LoadScenario.Plain, [record]);

    private Task<string> QueryAsync(string sql) => _place.Database.QueryAsync(sql);

    /// <summary>One database for all of them, since making one takes longer than a test.</summary>
    public sealed class SharedPlace : IAsyncLifetime
    {
        public PostgresPlace? Place { get; private set; }

        public async ValueTask InitializeAsync() => Place = (PostgresPlace)await PostgresPlace.NewAsync();

        public ValueTask DisposeAsync() => Place?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
