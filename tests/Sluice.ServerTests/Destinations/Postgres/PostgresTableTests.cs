using Sluice.Destinations.Models;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;
using Sluice.ServerTests.Servers;
using Xunit;
using static Sluice.ServerTests.Destinations.LoadHarness;

namespace Sluice.ServerTests.Destinations;

/// <summary>What is PostgreSQL's alone, looked at with psql.</summary>
public sealed class PostgresTableTests : IAsyncLifetime
{
    private static readonly Resource Named = Table(Is("name", ColumnType.Text));

    private PostgresPlace? _place;

    private PostgresDatabase Database => _place!.Database;

    private LoadHarness Desk => field ??= new LoadHarness(_place!);

    public async ValueTask InitializeAsync() => _place = (PostgresPlace)await PostgresPlace.NewAsync();

    public ValueTask DisposeAsync() => _place?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Columns_have_the_types_that_a_user_of_psql_expects()
    {
        var resource = Table(
            Is("n", ColumnType.Bigint),
            Is("d", ColumnType.Double),
            Is("b", ColumnType.Boolean),
            Is("t", ColumnType.Text),
            Is("u", ColumnType.UnixTime),
            Is("j", ColumnType.Json));
        await Desk.LoadAsync(
            Job(resource, Strategy.Merge),
            LoadScenario.Plain,
            ["""{"id":1,"n":2,"d":1.5,"b":true,"t":"x","u":1767225600,"j":{"a":[1]}}"""]);

        Assert.Equal(
            "id bigint,n bigint,d double precision,b boolean,t text,u timestamp with time zone,j jsonb,_sluice_loaded_at timestamp with time " +
                "zone,_sluice_run_id text",
            await Database.QueryAsync(
                "SELECT string_agg(column_name || ' ' || data_type, ',' ORDER BY ordinal_position) FROM information_schema.columns WHERE " +
                    "table_schema = 'crm' AND table_name = 'things'"
            ));
        Assert.Equal("1|2|1.5|t|x|2026-01-01 00:00:00+00|1", await Database.QueryAsync("SELECT id, n, d, b, t, u, j->'a'->0 FROM crm.things"));
    }

    [Theory]
    [InlineData(Strategy.Merge)]
    [InlineData(Strategy.Replace)]
    public async Task Indexes_for_readers_are_made_when_asked_for_and_stand_on_the_table_that_takes_the_place(Strategy strategy)
    {
        var resource = Table(Is("cio_id", ColumnType.Text), Is("created", ColumnType.UnixTime), Is("name", ColumnType.Text));
        var plain = Job(resource, strategy);
        var job = plain with { Settings = plain.Settings with { Indexes = true } };
        foreach (var name in new[] { "a", "b" })
        {
            await Desk.LoadAsync(job, LoadScenario.Plain, [$$"""{"id":1,"cio_id":"x","created":1767225600,"name":"{{name}}"}"""]);
            Assert.Equal(
                "(cio_id),(created),(id)",
                await Database.QueryAsync(
                    "SELECT string_agg(substring(indexdef from '\\([^)]*\\)$'), ',' ORDER BY substring(indexdef from '\\([^)]*\\)$')) " +
                        "FROM pg_indexes WHERE schemaname = 'crm' AND tablename = 'things'"));
        }

        Assert.Equal("b", await Database.QueryAsync("SELECT name FROM crm.things"));
        Assert.Equal("0", await Database.QueryAsync("SELECT count(*) FROM pg_class WHERE relname LIKE '\\_sluice\\_new%'"));
    }

    [Fact]
    public async Task A_view_of_models_that_reads_a_column_that_is_gone_is_named_in_the_report()
    {
        var job = Job(Table(Is("name", ColumnType.Text), Is("note", ColumnType.Text)), Strategy.Replace);
        await Desk.LoadAsync(job, LoadScenario.Plain, ["""{"id":1,"name":"a","note":"x"}"""]);
        foreach (var column in new[] { "name", "note" })
        {
            await Database.QueryAsync($"CREATE VIEW crm.by_{column} AS SELECT {column} FROM crm.things");
            await Database.QueryAsync($"COMMENT ON VIEW crm.by_{column} IS '{ModelSql.Mark}'");
        }

        var report = await Desk.LoadAsync(Job(Named, Strategy.Replace), LoadScenario.Plain, ["""{"id":1,"name":"b"}"""]);
        Assert.Equal(["note", "crm.by_note"], report.SchemaChanges.Select(change => change.Column));
        Assert.Contains("'sluice models' makes what still fits", report.SchemaChanges[1].Change, StringComparison.Ordinal);
        Assert.Equal("b", await Database.QueryAsync("SELECT name FROM crm.by_name"));
    }

    [Theory]
    [InlineData("CREATE VIEW public.shown AS SELECT id, name FROM crm.things", "SELECT string_agg(name, ',' ORDER BY id) FROM public.shown", "b,c")]
    [InlineData("CREATE INDEX mine ON crm.things (name)", "SELECT count(*) FROM pg_indexes WHERE indexname = 'mine'", "1")]
    [InlineData(
        "ALTER TABLE crm.things SET (fillfactor = 70)",
        "SELECT reloptions::text FROM pg_class WHERE oid = 'crm.things'::regclass",
        "{fillfactor=70}"
    )]
    [InlineData(
        "COMMENT ON TABLE crm.things IS 'it''s ours'; COMMENT ON COLUMN crm.things.name IS 'a name'",
        "SELECT obj_description('crm.things'::regclass) || '/' || col_description('crm.things'::regclass, 2)",
        "it's ours/a name"
    )]
    [InlineData(
        "GRANT SELECT ON crm.things TO PUBLIC; GRANT UPDATE (name) ON crm.things TO PUBLIC",
        "SELECT has_table_privilege('pg_monitor', 'crm.things', 'SELECT')::text || has_column_privilege('pg_monitor', 'crm.things', 'name', " +
            "'UPDATE')::text || has_table_privilege('pg_monitor', 'crm.things', 'UPDATE')::text",
        "truetruefalse"
    )]
    [InlineData("ALTER TABLE crm.things OWNER TO pg_monitor", "SELECT tableowner FROM pg_tables WHERE tablename = 'things'", "pg_monitor")]
    public async Task What_was_made_upon_a_table_outlives_its_replacement(string made, string asked, string expected)
    {
        var job = Job(Named, Strategy.Replace);
        await Desk.LoadAsync(job, LoadScenario.Plain, ["""{"id":1,"name":"a"}""", """{"id":2,"name":"b"}"""]);
        await Database.QueryAsync(made);

        var report = await Desk.LoadAsync(job, LoadScenario.Plain, ["""{"id":2,"name":"b"}""", """{"id":3,"name":"c"}"""]);

        Assert.Equal((2, 2), (report.Rows, report.TableRows));
        Assert.Equal(["2|b", "3|c"], await Desk.LinesAsync());
        Assert.Equal(expected, await Database.QueryAsync(asked));
        Assert.Equal("0", await Database.QueryAsync("SELECT count(*) FROM pg_class WHERE relname LIKE '\\_sluice\\_new%'"));
    }

    [Fact]
    public async Task Rows_that_are_gone_are_marked_in_a_table_with_a_view_too()
    {
        var soft = LoadScenario.Plain with { Deletes = DeletePolicy.Soft };
        var job = Job(Named, Strategy.Replace);
        await Desk.LoadAsync(job, soft, ["""{"id":1,"name":"a"}""", """{"id":2,"name":"b"}""", """{"id":null,"name":"nobody"}"""]);
        await Database.QueryAsync("CREATE VIEW public.shown AS SELECT * FROM crm.things");
        var gone = await Desk.LoadAsync(job, soft, ["""{"id":1,"name":"A"}"""]);
        var back = await Desk.LoadAsync(job, soft, ["""{"id":1,"name":"A"}""", """{"id":2,"name":"b"}"""]);

        Assert.Equal((2, 0, 1), (gone.Deleted, gone.Returned, gone.TableRows));
        Assert.Equal((0, 1, 2), (back.Deleted, back.Returned, back.TableRows));
        Assert.Equal(
            "1 A f,2 b f,nobody t",
            await Database.QueryAsync(
                "SELECT string_agg(concat_ws(' ', id, name, _sluice_deleted_at IS NOT NULL), ',' ORDER BY id) FROM public.shown"));
    }

    [Fact]
    public async Task A_table_that_has_a_key_twice_is_not_merged_into_and_the_key_is_named()
    {
        await Desk.LoadAsync(Job(Named, Strategy.Append), LoadScenario.Plain, ["""{"id":1,"name":"a"}"""]);
        await Desk.LoadAsync(Job(Named, Strategy.Append), LoadScenario.Plain, ["""{"id":1,"name":"b"}"""]);

        var report = await Desk.TryLoadAsync(_place!.Uri, Job(Named, Strategy.Merge), LoadScenario.Plain, ["""{"id":1,"name":"c"}"""]);

        Assert.Equal(SluiceErrorKind.Destination, report.ErrorKind);
        Assert.Contains("crm.things has several rows with the same id", report.Error, StringComparison.Ordinal);
        Assert.Equal(["1|a", "1|b"], (await Desk.LinesAsync()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_merged_table_can_be_appended_to_and_one_with_single_keys_merged_again()
    {
        await Desk.LoadAsync(Job(Named, Strategy.Merge), LoadScenario.Plain, ["""{"id":1,"name":"a"}"""]);
        await Desk.LoadAsync(Job(Named, Strategy.Append), LoadScenario.Plain, ["""{"id":1,"name":"b"}""", """{"id":2,"name":"c"}"""]);
        await Database.QueryAsync("DELETE FROM crm.things WHERE name = 'a'");
        await Desk.LoadAsync(Job(Named, Strategy.Merge), LoadScenario.Plain, ["""{"id":1,"name":"B"}""", """{"id":3,"name":"d"}"""]);

        Assert.Equal(["1|B", "2|c", "3|d"], await Desk.LinesAsync());
    }

    [Fact]
    public async Task A_number_that_jsonb_cannot_hold_is_rejected_and_the_load_goes_on()
    {
        var job = Job(Table(Is("j", ColumnType.Json)), Strategy.Merge);

        var report = await Desk.LoadAsync(
            job,
            LoadScenario.Plain,
            [
                """{"id":1,"j":{"a":1e200000}}""",
                """{"id":2,"j":{"a":"1e200000","b":1e10}}""",
                """{"id":3,"j":{"a":"x\\u0000"}}""",
                """{"id":4,"j":{"a":"x\u0000"}}""",
            ]);

        Assert.Equal(2, report.Rejected);
        Assert.Equal(TableOutcome.Partial, report.Outcome);
        Assert.Equal(["2 values did not fit their column"], report.Gaps);
        Assert.Equal(ExitCode.Partial, ExitCode.Of([report], allowPartial: false));
        Assert.Equal("2|[\"2 values did not fit their column\"]", await Database.QueryAsync("SELECT rejected, reasons FROM crm._sluice_ledger"));
        Assert.Equal(
            "1||,2|1e200000|10000000000,3|x\\u0000|,4||",
            await Database.QueryAsync(
                "SELECT string_agg(id || '|' || coalesce(j->>'a', '') || '|' || coalesce(j->>'b', ''), ',' ORDER BY id) FROM crm.things"));
        Assert.Equal(
            "1,4",
            await Database.QueryAsync(
                "SELECT string_agg(record_key->>'id', ',' ORDER BY record_key->>'id') FROM crm._sluice_rejects WHERE column_name = 'j'"));
    }

    [Fact]
    public async Task Keys_too_long_for_an_index_are_merged_all_the_same()
    {
        var resource = Table(Is("k", ColumnType.Text), Is("name", ColumnType.Text)) with { PrimaryKey = ["k"] };
        var job = Job(resource, Strategy.Merge);
        string Record(string key, string name) => $"{{\"id\":1,\"k\":\"{key}\",\"name\":\"{name}\"}}";
        var noise = new Random(7);
        var longKey = string.Concat(Enumerable.Range(0, 9000).Select(_ => (char)('a' + noise.Next(26))));
        await Desk.LoadAsync(job, LoadScenario.Plain, [Record("short", "a"), Record("other", "a")]);
        await Desk.LoadAsync(job, LoadScenario.Plain, [Record(longKey, "a"), Record("short", "b")]);
        var report = await Desk.LoadAsync(job, LoadScenario.Plain, [Record(longKey, "b"), Record("short", "b"), Record("new", "a")]);

        Assert.Equal((2, 1, 4), (report.Rows, report.Unchanged, report.TableRows));
        Assert.Equal("b a b a", await Database.QueryAsync("SELECT string_agg(name, ' ' ORDER BY length(k) DESC, k) FROM crm.things"));
    }

    [Fact]
    public async Task A_name_that_postgresql_would_cut_is_refused()
    {
        var report = await Desk.TryLoadAsync(
            _place!.Uri,
            Job(Named, Strategy.Merge) with
            {
                Table = new string('t', 64),
            },
            LoadScenario.Plain,
            ["""{"id":1}"""]);

        Assert.Equal(SluiceErrorKind.Config, report.ErrorKind);
        Assert.Contains("63 bytes", report.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_right_is_named_with_its_grant()
    {
        var uri = await Database.NewPowerlessRoleAsync();
        var role = new Uri(uri).UserInfo.Split(':')[0];
        await using var destination = await Sluice.Destinations.DestinationRegistry.OpenAsync(uri, Cancel);

        var error = await Assert.ThrowsAsync<SluiceException>(() => destination.CheckAsync(Cancel));
        Assert.Contains($"GRANT TEMPORARY ON DATABASE \"{Database.Name}\" TO \"{role}\"", error.Hint, StringComparison.Ordinal);
        await Database.QueryAsync($"GRANT TEMPORARY ON DATABASE {Database.Name} TO {role}");
        error = await Assert.ThrowsAsync<SluiceException>(() => destination.CheckAsync(Cancel));
        Assert.Contains($"GRANT CREATE ON DATABASE \"{Database.Name}\" TO \"{role}\"", error.Hint, StringComparison.Ordinal);
        await Database.QueryAsync($"CREATE SCHEMA crm AUTHORIZATION {role}");
        Assert.Contains("writable", await destination.CheckAsync(Cancel), StringComparison.Ordinal);
        var report = await Desk.TryLoadAsync(uri, Job(Named, Strategy.Replace), LoadScenario.Plain, ["""{"id":1,"name":"a"}"""]);
        Assert.True(report.Outcome == TableOutcome.Done, report.Error);
        await destination.DisposeAsync();
        await Database.QueryAsync($"DROP SCHEMA crm CASCADE; REVOKE ALL ON DATABASE {Database.Name} FROM {role}");
    }
}
