using Sluice.Engine.Catalog;
using Sluice.Engine.Config;
using Sluice.Engine.Load;
using Sluice.Engine.Runs;
using Sluice.Engine.State;
using Xunit;
using static Sluice.ServerTests.Destinations.LoadDesk;

namespace Sluice.ServerTests.Destinations;

public abstract partial class DestinationCompliance
{
    [Theory]
    [InlineData(Strategy.Merge)]
    [InlineData(Strategy.Append)]
    [InlineData(Strategy.DeleteInsert)]
    public async Task A_new_field_becomes_a_column_of_the_old_table(Strategy strategy)
    {
        var job = Job(Named, strategy) with { IncrementalKey = "at" };
        await Desk.LoadAsync(job, LoadWish.Plain, ["""{"id":1,"name":"a","at":100}"""]);
        var report = await Desk.LoadAsync(job, LoadWish.Plain, ["""{"id":2,"name":"b","at":200,"plan":"pro","n":1,"Plan":true,"when":{"x":1}}"""]);
        Assert.Equal(["n", "Plan", "plan", "when"], report.SchemaChanges.Select(change => change.Column.Replace("_2", "", StringComparison.Ordinal)).Order(StringComparer.OrdinalIgnoreCase).ThenBy(name => name, StringComparer.Ordinal));
        var rows = await Desk.ReadAsync();
        Assert.All(rows![0].Where(value => value.Key is "n" or "plan" or "when"), value => Assert.Null(value.Value));
        Assert.Contains("pro", rows[1].Values);
        Assert.Contains(true, rows[1].Values);
        Assert.Equal(1L, rows[1]["n"]);
    }

    [Fact]
    public async Task A_field_keeps_its_column_for_good_and_one_that_is_gone_becomes_null()
    {
        var job = Job(Table(), Strategy.Merge);
        await Desk.LoadAsync(job, LoadWish.Plain, ["""{"id":1,"Name":"first"}"""]);
        await Desk.LoadAsync(job, LoadWish.Plain, ["""{"id":1,"name":"other"}"""]);
        var row = Assert.Single((await Desk.ReadAsync())!);
        Assert.Null(row["Name"]);
        Assert.Equal("other", Assert.Single(row, value => value.Key.StartsWith("name", StringComparison.Ordinal)).Value);
        await Desk.LoadAsync(job, LoadWish.Plain, ["""{"id":1,"Name":"A","name":"B"}"""]);
        row = Assert.Single((await Desk.ReadAsync())!);
        Assert.Equal("A", row["Name"]);
        Assert.Equal("B", Assert.Single(row, value => value.Key.StartsWith("name", StringComparison.Ordinal)).Value);
    }

    [Theory]
    [InlineData("1", "1.5", "1|1.5")]
    [InlineData("9007199254740993", "1.5", "9007199254740993|1.5")]
    [InlineData("true", "\"yes\"", "true|yes")]
    [InlineData("{\"a\":1}", "\"007\"", "{\"a\":1}|007")]
    [InlineData("1.5", "2", "1.5|2")]
    [InlineData("7", "\"x\"", "7|x")]
    public async Task A_type_becomes_wider_and_never_narrower(string first, string second, string expected)
    {
        var job = Job(Table(), Strategy.Merge);
        await Desk.LoadAsync(job, LoadWish.Plain, [$"{{\"id\":1,\"f\":{first}}}"]);
        var report = await Desk.LoadAsync(job, LoadWish.Plain, [$"{{\"id\":2,\"f\":{second}}}"]);
        Assert.Equal(TableOutcome.Done, report.Outcome);
        Assert.Equal(expected.Split('|'), await Desk.LinesAsync("f"), StringComparer.OrdinalIgnoreCase);
        await Desk.LoadAsync(job, LoadWish.Plain, [$"{{\"id\":3,\"f\":{first}}}"]);
        Assert.Equal([.. expected.Split('|'), expected.Split('|')[0]], await Desk.LinesAsync("f"), StringComparer.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task New_fields_stay_in_one_json_column_when_the_contract_says_so()
    {
        var job = Job(Named, Strategy.Merge);
        await Desk.LoadAsync(job, LoadWish.Plain with { Contract = SchemaContract.Json }, ["""{"id":1,"name":"a","plan":"pro"}"""]);
        Assert.Equal(["1|{\"plan\":\"pro\"}"], await Desk.LinesAsync("id", "_extra"));
    }

    [Fact]
    public async Task State_is_kept_set_and_forgotten()
    {
        await Desk.LoadAsync(Job(Named, Strategy.Merge), LoadWish.Plain, ["""{"id":1,"name":"a"}"""]);
        await using var destination = await Desk.OpenAsync();
        var books = destination.SystemTables(Schema);
        var state = Assert.Single(await books.ReadStatesAsync(Cancel));
        Assert.Equal(("things", "things", "run 1", Began - LookBack.Margin), (state.Table, state.Source, state.RunId, state.Until));
        var set = state with { Until = Began.AddDays(-7), RunId = null, Parents = new Dictionary<string, DateTimeOffset> { ["7"] = Began.AddDays(-1) } };
        await books.WriteStateAsync(set, Began, Cancel);
        var read = Assert.Single(await books.ReadStatesAsync(Cancel));
        Assert.Equal((set.Until, (string?)null, Began.AddDays(-1)), (read.Until, read.RunId, read.Parents["7"]));
        Assert.Equal(0, await books.ResetStateAsync("other", Cancel));
        Assert.Equal(1, await books.ResetStateAsync("things", Cancel));
        Assert.Empty(await books.ReadStatesAsync(Cancel));
        Assert.Equal(["1|a|NULL"], await Desk.LinesAsync());
    }

    [Fact]
    public async Task Runs_are_remembered_the_newest_first()
    {
        await using var destination = await Desk.OpenAsync();
        var books = destination.SystemTables(Schema);
        for (var run = 1; run <= 3; run++)
        {
            await books.RecordRunAsync(new RunRecord($"run {run}", Began.AddMinutes(run), Began.AddMinutes(run + 1), run - 1, run * 10, $"{{\"n\":{run}}}"), Cancel);
        }

        var runs = await books.ReadRunsAsync(2, Cancel);
        Assert.Equal([("run 3", 2, 30L), ("run 2", 1, 20L)], runs.Select(run => (run.RunId, run.ExitCode, run.Requests)));
        Assert.Equal(Began.AddMinutes(3), runs[0].StartedAt);
        Assert.Contains("3", runs[0].Report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_tables_and_two_schemas_do_not_touch_each_other()
    {
        var job = Job(Named, Strategy.Replace);
        await Desk.LoadAsync(job, LoadWish.Plain, ["""{"id":1,"name":"a"}"""]);
        await Desk.LoadAsync(job with { Table = "others" }, LoadWish.Plain, ["""{"id":2,"name":"b"}"""]);
        await Desk.LoadAsync(job with { Schema = "second" }, LoadWish.Plain, ["""{"id":3,"name":"c"}"""]);
        Assert.Equal(["1|a|NULL"], await Desk.LinesAsync());
        Assert.Equal(["2"], (await Desk.ReadAsync("others"))!.Select(row => Line(row, "id")));
        await using var destination = await Desk.OpenAsync();
        Assert.Equal(["others", "things"], (await destination.SystemTables(Schema).ReadStatesAsync(Cancel)).Select(state => state.Table).Order(StringComparer.Ordinal));
        Assert.Equal(["things"], (await destination.SystemTables("second").ReadStatesAsync(Cancel)).Select(state => state.Table));
    }
}
