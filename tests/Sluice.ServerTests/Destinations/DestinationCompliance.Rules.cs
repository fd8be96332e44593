using Sluice.Engine.Catalog;
using Sluice.Engine.Load;
using Xunit;
using static Sluice.ServerTests.Destinations.LoadHarness;

namespace Sluice.ServerTests.Destinations;

public abstract partial class DestinationCompliance
{
    private static readonly Resource Ruled = Table(
        Is("name", ColumnType.Text), Is("n", ColumnType.Bigint), Is("at", ColumnType.UnixTime),
            Is("yes", ColumnType.Boolean), Is("m", ColumnType.Json));

    [Fact]
    public async Task Fill_gives_a_value_to_what_is_NULL_and_leaves_what_is_there()
    {
        var job = Job(Ruled, Strategy.Merge);
        await Desk.LoadAsync(job, LoadScenario.Plain, ["""{"id":1,"name":"a"}""", """{"id":2,"name":"b","n":2,"at":2,"yes":false}"""]);
        var fills = job with { Rules = Rules(MergeRule.Fill, "name", "n", "at", "yes") };
        string[] records = ["""{"id":1,"name":"A","n":1,"at":1,"yes":true}""", """{"id":2,"n":3,"at":3,"yes":true}""", """{"id":3,"n":3}"""];
        var report = await Desk.LoadAsync(fills, LoadScenario.Plain, records);
        string[] expected = ["1|a|1|1970-01-01T00:00:01|True", "2|b|2|1970-01-01T00:00:02|False", "3|NULL|3|NULL|NULL"];
        Assert.Equal(expected, await Desk.LinesAsync("id", "name", "n", "at", "yes"));
        Assert.Equal((2, 1, 3), (report.Rows, report.Unchanged, report.TableRows));
        var again = await Desk.LoadAsync(fills, LoadScenario.Plain, records);
        Assert.Equal((0, 3), (again.Rows, again.Unchanged));
        Assert.Equal(["run 2", "run 1", "run 2"], (await Desk.ReadAsync())!.Select(row => row["_sluice_run_id"]));
    }

    [Fact]
    public async Task Prefer_takes_what_came_and_keeps_what_is_there_where_nothing_did()
    {
        var job = Job(Ruled, Strategy.Merge);
        await Desk.LoadAsync(job, LoadScenario.Plain, ["""{"id":1,"at":1}""", """{"id":2,"at":2}""", """{"id":3}"""]);
        var prefers = job with { Rules = Rules(MergeRule.Prefer, "at") };
        string[] records = ["""{"id":1,"at":5}""", """{"id":2}""", """{"id":3,"at":6}""", """{"id":4,"at":7}"""];
        var report = await Desk.LoadAsync(prefers, LoadScenario.Plain, records);
        Assert.Equal(
            ["1|1970-01-01T00:00:05", "2|1970-01-01T00:00:02", "3|1970-01-01T00:00:06", "4|1970-01-01T00:00:07"],
            await Desk.LinesAsync("id", "at"));
        Assert.Equal((3, 1), (report.Rows, report.Unchanged));
        var again = await Desk.LoadAsync(prefers, LoadScenario.Plain, records);
        Assert.Equal((0, 4), (again.Rows, again.Unchanged));
    }

    [Fact]
    public async Task Patch_lets_members_win_that_came_and_keeps_those_that_did_not()
    {
        var job = Job(Ruled, Strategy.Merge);
        await Desk.LoadAsync(job, LoadScenario.Plain, ["""{"id":1,"m":{"sent":1,"opened":5}}""", """{"id":2}""", """{"id":3,"m":{"sent":1}}"""]);
        var patches = job with { Rules = Rules(MergeRule.Patch, "m") };
        string[] records = ["""{"id":1,"m":{"opened":4,"clicked":6}}""", """{"id":2,"m":{"sent":2}}""", """{"id":3,"m":null}"""];
        var report = await Desk.LoadAsync(patches, LoadScenario.Plain, records);
        string[] expected = ["""1|{"clicked":6,"opened":4,"sent":1}""", """2|{"sent":2}""", """3|{"sent":1}"""];
        Assert.Equal(expected, await Desk.LinesAsync("id", "m"));
        Assert.Equal((2, 1), (report.Rows, report.Unchanged));
        var again = await Desk.LoadAsync(patches, LoadScenario.Plain, records);
        Assert.Equal((0, 3), (again.Rows, again.Unchanged));
    }

    [Fact]
    public async Task Patch_under_adds_members_and_changes_none_that_is_there()
    {
        var job = Job(Ruled, Strategy.Merge);
        await Desk.LoadAsync(job, LoadScenario.Plain, ["""{"id":1,"m":{"sent":1,"opened":5}}""", """{"id":2}""", """{"id":3,"m":{"sent":1}}"""]);
        var patches = job with { Rules = Rules(MergeRule.PatchUnder, "m") };
        string[] records = ["""{"id":1,"m":{"opened":4,"clicked":6}}""", """{"id":2,"m":{"sent":2}}""", """{"id":3,"m":{"sent":7}}"""];
        var report = await Desk.LoadAsync(patches, LoadScenario.Plain, records);
        string[] expected = ["""1|{"clicked":6,"opened":5,"sent":1}""", """2|{"sent":2}""", """3|{"sent":1}"""];
        Assert.Equal(expected, await Desk.LinesAsync("id", "m"));
        Assert.Equal((2, 1), (report.Rows, report.Unchanged));
    }

    [Fact]
    public async Task A_column_with_a_rule_that_the_table_does_not_have_yet_is_added()
    {
        await Desk.LoadAsync(Job(Table(Is("name", ColumnType.Text)), Strategy.Merge), LoadScenario.Plain, ["""{"id":1,"name":"a"}"""]);
        var wide = Job(Ruled, Strategy.Merge) with { Rules = Rules(MergeRule.Fill, "name", "n", "m") };
        await Desk.LoadAsync(wide, LoadScenario.Plain, ["""{"id":1,"name":"A","n":1,"m":{"x":1}}"""]);
        Assert.Equal(["""1|a|1|{"x":1}"""], await Desk.LinesAsync("id", "name", "n", "m"));
    }

    [Fact]
    public async Task Rules_say_nothing_of_a_table_that_is_replaced()
    {
        var job = Job(Ruled, Strategy.Replace) with { Rules = Rules(MergeRule.Patch, "m") };
        await Desk.LoadAsync(job, LoadScenario.Plain, ["""{"id":1,"m":{"a":1}}"""]);
        await Desk.LoadAsync(job, LoadScenario.Plain, ["""{"id":1,"m":{"b":1}}"""]);
        Assert.Equal(["""1|{"b":1}"""], await Desk.LinesAsync("id", "m"));
    }

    private static Dictionary<string, MergeRule> Rules(MergeRule rule, params string[] columns) =>
        columns.ToDictionary(column => column, _ => rule, StringComparer.OrdinalIgnoreCase);
}
