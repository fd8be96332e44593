using Sluice.Engine;
using Sluice.Engine.Catalog;
using Xunit;
using static Sluice.ServerTests.Destinations.LoadHarness;

namespace Sluice.ServerTests.Destinations.MySql;

/// <summary>What MySQL's own client sees, and what is done without DDL in transactions.</summary>
public sealed class MySqlTableTests : MySqlTests
{
    private static readonly Resource Named = Table(Is("name", ColumnType.Text), Is("at", ColumnType.UnixTime), Is("j", ColumnType.Json));

    [Fact]
    public async Task Another_client_sees_times_in_UTC_letters_as_they_are_and_JSON()
    {
        var job = Job(Named, Strategy.Merge) with { Schema = "customerio" };
        await Desk.LoadAsync(job, LoadScenario.Plain, ["""{"id":1,"name":"Zoë 🜍 ","at":1767225600,"j":{"a":[1]}}"""]);
        await Desk.LoadAsync(job, LoadScenario.Plain, ["""{"id":2,"name":"zoe","at":null}"""]);
        Assert.Equal(
            "1\tZoë 🜍 |\t2026-01-01 00:00:00.000000\t1\n2\tzoe|\tNULL\tNULL",
            await Place.Database.QueryAsync("SELECT id, concat(name, '|'), at, json_extract(j, '$.a[0]') FROM things ORDER BY id"));
        Assert.Equal("InnoDB", await Place.Database.QueryAsync(
            "SELECT engine FROM information_schema.tables WHERE table_schema = database() AND table_name = 'things'"));
    }

    [Fact]
    public async Task A_committed_table_that_was_not_put_in_its_place_is_put_there_by_whoever_looks()
    {
        await Desk.LoadAsync(Job(Named, Strategy.Replace), LoadScenario.Plain, ["""{"id":1,"name":"old"}"""]);
        await Place.Database.QueryAsync("""
            CREATE TABLE crm____sluice_new_things LIKE crm___things;
            INSERT INTO crm____sluice_new_things (id, name) VALUES (7, 'new');
            INSERT INTO crm____sluice_swaps VALUES ('things', '_sluice_new_things');
            """);
        Assert.Equal(["7|new"], await Desk.LinesAsync("id", "name"));
        Assert.Equal("0", await Place.Database.QueryAsync("SELECT count(*) FROM crm____sluice_swaps"));
        Assert.Equal("", await LeftoversAsync());
    }

    [Fact]
    public async Task A_new_table_that_was_never_committed_is_seen_by_nobody_and_dropped_by_the_next_load()
    {
        var job = Job(Named, Strategy.Replace);
        await Desk.LoadAsync(job, LoadScenario.Plain, ["""{"id":1,"name":"old"}"""]);
        await Place.Database.QueryAsync("CREATE TABLE crm____sluice_new_things (id BIGINT); INSERT INTO crm____sluice_new_things VALUES (7)");
        Assert.Equal(["1|old"], await Desk.LinesAsync("id", "name"));
        await Desk.LoadAsync(job, LoadScenario.Plain, ["""{"id":2,"name":"new"}"""]);
        Assert.Equal(["2|new"], await Desk.LinesAsync("id", "name"));
        Assert.Equal("", await LeftoversAsync());
    }

    [Fact]
    public async Task Keys_longer_than_an_index_stay_apart_by_their_last_letter()
    {
        var resource = Table(Is("k", ColumnType.Text), Is("v", ColumnType.Bigint)) with { PrimaryKey = ["k"] };
        var (job, stem) = (Job(resource, Strategy.Merge), new string('x', 800));
        await Desk.LoadAsync(job, LoadScenario.Plain, ["""{"k":"short","v":1}"""]);
        await Desk.LoadAsync(job, LoadScenario.Plain, [$"{{\"k\":\"{stem}a\",\"v\":1}}", $"{{\"k\":\"{stem}b\",\"v\":1}}"]);
        var report = await Desk.LoadAsync(job, LoadScenario.Plain, [$"{{\"k\":\"{stem}b\",\"v\":2}}", """{"k":"short","v":2}"""]);
        Assert.Equal((2, 3), (report.Rows, report.TableRows));
        await Desk.LoadAsync(job, LoadScenario.Plain, ["""{"k":"short","v":3}"""]);
        Assert.Equal(["3", "1", "2"], (await Desk.ReadAsync("things", "k"))!.Select(row => Line(row, "v")));
    }

    [Fact]
    public async Task A_table_with_an_index_or_a_trigger_of_the_users_stays_and_its_rows_are_replaced()
    {
        var job = Job(Named, Strategy.Replace);
        await Desk.LoadAsync(job, LoadScenario.Plain, ["""{"id":1,"name":"old"}"""]);
        await Place.Database.QueryAsync("CREATE INDEX mine ON crm___things (at)");
        await Desk.LoadAsync(job, LoadScenario.Plain, ["""{"id":2,"name":"new"}"""]);
        Assert.Equal(["2|new"], await Desk.LinesAsync("id", "name"));
        Assert.Equal("mine", await Place.Database.QueryAsync(
            "SELECT index_name FROM information_schema.statistics WHERE table_schema = database() AND index_name = 'mine'"));
    }

    [Fact]
    public async Task Json_that_is_nested_too_deep_for_MariaDB_is_a_reject_and_the_rest_is_loaded()
    {
        var deep = string.Concat(Enumerable.Repeat("[", 40)) + string.Concat(Enumerable.Repeat("]", 40));
        var report = await Desk.LoadAsync(
            Job(Named, Strategy.Merge),
            LoadScenario.Plain,
            [$"{{\"id\":1,\"j\":{deep}}}", """{"id":2,"j":{"text":"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["}}"""]);
        Assert.Equal(1, report.Rejected);
        Assert.Equal(["1|NULL", """2|{"text":"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["}"""], await Desk.LinesAsync("id", "j"));
    }

    [Fact]
    public async Task A_table_without_transactions_is_refused_and_the_statement_helps()
    {
        var job = Job(Named, Strategy.Merge);
        await Place.Database.QueryAsync("CREATE TABLE crm___things (id BIGINT, name VARCHAR(20) COLLATE utf8mb4_general_ci) ENGINE=MyISAM");
        var report = await Desk.TryLoadAsync(Place.Uri, job, LoadScenario.Plain, ["""{"id":1,"name":"a"}"""]);
        await Place.Database.QueryAsync(Remedies.Of(report));
        await Desk.LoadAsync(job, LoadScenario.Plain, ["""{"id":1,"name":"a"}"""]);
        await Desk.LoadAsync(job, LoadScenario.Plain, ["""{"id":1,"name":"A"}"""]);
        Assert.Equal(["1|A"], await Desk.LinesAsync("id", "name"));
    }

    [Fact]
    public async Task A_second_run_of_a_table_is_told_before_it_reads()
    {
        await using var first = await Desk.OpenAsync();
        await using var second = await Desk.OpenAsync();
        await first.LockAsync(Schema, "things", Cancel);
        await second.LockAsync(Schema, "others", Cancel);
        var error = await Assert.ThrowsAsync<SluiceException>(() => second.LockAsync(Schema, "things", Cancel));
        Assert.Equal((SluiceErrorKind.Destination, true), (error.Kind, error.IsTransient));
        await first.DisposeAsync();
        await second.LockAsync(Schema, "things", Cancel);
    }

    private Task<string> LeftoversAsync() => Place.Database.QueryAsync(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = database() AND table_name REGEXP '_sluice_(new|old)_'");
}
