using Sluice.Destinations;
using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;
using Xunit;
using static Sluice.ServerTests.Destinations.LoadHarness;

namespace Sluice.ServerTests.Destinations;

public abstract partial class FormatCompliance
{
    [Theory]
    [InlineData(Strategy.Merge)]
    [InlineData(Strategy.Append, Traits = ["length", "long"])]
    [InlineData(Strategy.DeleteInsert)]
    public async Task A_new_field_becomes_a_column_of_the_old_table(Strategy strategy)
    {
        var job = Job(Named, strategy) with { IncrementalKey = "at" };
        await Desk.LoadAsync(job, LoadScenario.Plain, ["""{"id":1,"name":"a","at":100}"""]);
        var report = await Desk.LoadAsync(
            job,
            LoadScenario.Plain,
            ["""{"id":2,"name":"b","at":200,"plan":"pro","n":1,"Plan":true,"when":{"x":1}}"""]);
        Assert.Equal(
            ["n", "Plan", "plan", "when"],
            report
                .SchemaChanges.Select(change => change.Column.Replace("_2", "", StringComparison.Ordinal))
                .Order(StringComparer.OrdinalIgnoreCase)
                .ThenBy(name => name, StringComparer.Ordinal));
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
        await Desk.LoadAsync(job, LoadScenario.Plain, ["""{"id":1,"Name":"first"}"""]);
        await Desk.LoadAsync(job, LoadScenario.Plain, ["""{"id":1,"name":"other"}"""]);
        var row = Assert.Single((await Desk.ReadAsync())!);
        Assert.Null(row["Name"]);
        Assert.Equal("other", Assert.Single(row, value => value.Key.StartsWith("name", StringComparison.Ordinal)).Value);
        await Desk.LoadAsync(job, LoadScenario.Plain, ["""{"id":1,"Name":"A","name":"B"}"""]);
        row = Assert.Single((await Desk.ReadAsync())!);
        Assert.Equal("A", row["Name"]);
        Assert.Equal("B", Assert.Single(row, value => value.Key.StartsWith("name", StringComparison.Ordinal)).Value);
    }

    [Fact]
    public async Task A_table_can_have_the_longest_name_that_names_from_data_are_cut_to()
    {
        var name = DestinationRegistry.TableNames(Place.Uri).Short("", $"activity_event_{new string('ü', 200)}", "");
        var job = Job(Named, Strategy.Merge) with { Table = name };
        await Desk.LoadAsync(job, LoadScenario.Plain, ["""{"id":1,"name":"a"}"""]);
        await Desk.LoadAsync(job with { Strategy = Strategy.Replace }, LoadScenario.Plain, ["""{"id":2,"name":"b"}"""]);
        await Desk.LoadAsync(job, LoadScenario.Plain, ["""{"id":2,"name":"c"}"""]);
        Assert.Equal("c", Assert.Single((await Desk.ReadAsync(name))!)["name"]);
    }

    [Fact]
    public async Task A_type_becomes_wider_and_never_narrower()
    {
        (string First, string Second, string Expected)[] values =
        [
            ("1", "1.5", "1|1.5"),
            ("9007199254740993", "1.5", "9007199254740993|1.5"),
            ("true", "\"yes\"", "true|yes"),
            ("{\"a\":1}", "\"007\"", "{\"a\":1}|007"),
            ("1.5", "2", "1.5|2"),
            ("7", "\"x\"", "7|x"),
        ];
        var job = Job(Table(), Strategy.Merge);
        await Desk.LoadAsync(job, LoadScenario.Plain, [Record(1, values.Select(value => value.First))]);
        var report = await Desk.LoadAsync(job, LoadScenario.Plain, [Record(2, values.Select(value => value.Second))]);
        Assert.Equal(TableOutcome.Done, report.Outcome);
        await AssertColumnsAsync(values.Select(value => value.Expected.Split('|')));
        await Desk.LoadAsync(job, LoadScenario.Plain, [Record(3, values.Select(value => value.First))]);
        await AssertColumnsAsync(values.Select(value => (string[])[.. value.Expected.Split('|'), value.Expected.Split('|')[0]]));
    }

    [Fact]
    public async Task New_fields_stay_in_one_json_column_when_the_contract_says_so()
    {
        var job = Job(Named, Strategy.Merge);
        await Desk.LoadAsync(job, LoadScenario.Plain with { Contract = SchemaContract.Json }, ["""{"id":1,"name":"a","plan":"pro"}"""]);
        Assert.Equal(["1|{\"plan\":\"pro\"}"], await Desk.LinesAsync("id", "_extra"));
    }

    private static string Record(int id, IEnumerable<string> values) =>
        $"{{\"id\":{id},{string.Join(',', values.Select((value, place) => $"\"f{place}\":{value}"))}}}";

    private async Task AssertColumnsAsync(IEnumerable<string[]> expected)
    {
        var rows = (await Desk.ReadAsync())!;
        foreach (var (place, values) in expected.Index())
        {
            Assert.Equal(values, rows.Select(row => Line(row, $"f{place}")), StringComparer.OrdinalIgnoreCase);
        }
    }
}
