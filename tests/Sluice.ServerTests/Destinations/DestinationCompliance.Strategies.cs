using System.Globalization;
using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;
using Xunit;
using static Sluice.ServerTests.Destinations.LoadHarness;

namespace Sluice.ServerTests.Destinations;

public abstract partial class DestinationCompliance
{
    [Fact]
    public async Task Merge_updates_known_keys_adds_new_ones_and_leaves_the_rest()
    {
        var job = Job(Named, Strategy.Merge);
        await Desk.LoadAsync(job, LoadScenario.Plain, ["""{"id":1,"name":"a"}""", """{"id":2,"name":"b"}""", """{"id":3,"name":"c"}"""]);
        var report = await Desk.LoadAsync(job, LoadScenario.Plain, ["""{"id":2,"name":"B"}""", """{"id":3,"name":"c"}""", """{"id":4,"name":"d"}"""]);
        Assert.Equal((2, 1, 4), (report.Rows, report.Unchanged, report.TableRows));
        Assert.Equal(["1|a|NULL", "2|B|NULL", "3|c|NULL", "4|d|NULL"], await Desk.LinesAsync());
        Assert.Equal(["run 1", "run 2", "run 1", "run 2"], (await Desk.ReadAsync())!.Select(row => row["_sluice_run_id"]));
    }

    [Fact]
    public async Task Of_a_key_that_comes_twice_the_last_row_stays()
    {
        await Desk.LoadAsync(Job(Named, Strategy.Replace), LoadScenario.Plain, ["""{"id":1,"name":"old"}""", """{"id":1,"name":"new"}"""]);
        Assert.Equal(["1|new|NULL"], await Desk.LinesAsync());
    }

    [Fact]
    public async Task Keys_of_several_columns_and_keys_that_differ_only_by_case_or_accent_stay_apart()
    {
        var resource = Table(Is("k", ColumnType.Text), Is("v", ColumnType.Bigint)) with { PrimaryKey = ["id", "k"] };
        var job = Job(resource, Strategy.Merge);
        string[] keys = ["a", "A", "ä", "a ", "", "ß", "ss", "\U0001F3DC", "a\u0308"];
        await Desk.LoadAsync(job, LoadScenario.Plain, [.. keys.Select(key => $"{{\"id\":1,\"k\":\"{key}\",\"v\":1}}")]);
        var report = await Desk.LoadAsync(job, LoadScenario.Plain, [.. keys.Select((key, place) => $"{{\"id\":1,\"k\":\"{key}\",\"v\":{place}}}")]);
        Assert.Equal((keys.Length - 1, 1, keys.Length), (report.Rows, report.Unchanged, report.TableRows));
        var rows = await Desk.ReadAsync("things", "id", "k");
        Assert.Equal(
            keys.Select((key, place) => $"{key}={place}").Order(StringComparer.Ordinal),
            rows!.Select(row => $"{row["k"]}={row["v"]}").Order(StringComparer.Ordinal));
        var order = rows!.Select(row => Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes((string)row["k"]!))).ToList();
        Assert.Equal(order.Order(StringComparer.Ordinal), order);
    }

    [Fact]
    public async Task Rows_without_a_key_are_all_kept_and_not_written_again()
    {
        var job = Job(Table(Is("name", ColumnType.Text)), Strategy.Merge);
        string[] records = ["""{"id":null,"name":"a"}""", """{"id":null,"name":"b"}""", """{"id":1,"name":"c"}"""];
        await Desk.LoadAsync(job, LoadScenario.Plain, records);
        var report = await Desk.LoadAsync(job, LoadScenario.Plain, records);
        Assert.Equal((0, 3, 3), (report.Rows, report.Unchanged, report.TableRows));
        Assert.Equal(
            ["NULL|a", "NULL|b", "1|c"],
            (await Desk.LinesAsync()).OrderBy(line => line.StartsWith('1')).ThenBy(line => line, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Replace_leaves_only_what_came()
    {
        var job = Job(Named, Strategy.Replace);
        await Desk.LoadAsync(job, LoadScenario.Plain, ["""{"id":1,"name":"a","extra":"x"}""", """{"id":2,"name":"b"}"""]);
        var report = await Desk.LoadAsync(job, LoadScenario.Plain with { FullRefresh = true }, ["""{"id":2,"name":"B"}"""]);
        Assert.Equal((1, 1), (report.Rows, report.TableRows));
        Assert.Equal(["2|B"], await Desk.LinesAsync("id", "name"));
    }

    [Fact]
    public async Task Append_adds_new_rows_and_new_versions()
    {
        var job = Job(Named, Strategy.Append);
        await Desk.LoadAsync(job, LoadScenario.Plain, ["""{"id":1,"name":"a"}""", """{"id":2,"name":"b"}"""]);
        var report = await Desk.LoadAsync(job, LoadScenario.Plain, ["""{"id":1,"name":"a"}""", """{"id":2,"name":"B"}""", """{"id":3,"name":"c"}"""]);
        Assert.Equal((2, 1, 4), (report.Rows, report.Unchanged, report.TableRows));
        Assert.Equal(["1|a", "2|B", "2|b", "3|c"], (await Desk.LinesAsync("id", "name")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Delete_and_insert_rewrites_the_range_that_came()
    {
        var job = Job(Named, Strategy.DeleteInsert) with { IncrementalKey = "at" };
        await Desk.LoadAsync(
            job,
            LoadScenario.Plain,
            ["""{"id":1,"name":"a","at":100}""", """{"id":2,"name":"b","at":200}""", """{"id":3,"name":"c","at":300}"""]);
        var report = await Desk.LoadAsync(job, LoadScenario.Plain, ["""{"id":4,"name":"d","at":150}""", """{"id":5,"name":"e","at":250}"""]);
        Assert.Equal((2, 4), (report.Rows, report.TableRows));
        Assert.Equal(["1|a", "3|c", "4|d", "5|e"], await Desk.LinesAsync("id", "name"));
    }

    [Fact]
    public async Task Hard_deletes_remove_what_is_gone_and_ignore_leaves_it()
    {
        var job = Job(Named, Strategy.Merge);
        await Desk.LoadAsync(job, LoadScenario.Plain, ["""{"id":1,"name":"a"}""", """{"id":2,"name":"b"}"""]);
        Assert.Equal(
            (0, 2),
            await Desk.LoadAsync(job, LoadScenario.Plain, ["""{"id":1,"name":"a"}"""]) is var left ? (left.Deleted, left.TableRows) : default);
        Assert.Equal(
            (1, 1),
            await Desk.LoadAsync(job, LoadScenario.Plain with { Deletes = DeletePolicy.Hard }, ["""{"id":1,"name":"a"}"""]) is var removed
                ? (removed.Deleted, removed.TableRows)
                : default);
        Assert.Equal(["1|a"], await Desk.LinesAsync("id", "name"));
    }

    [Fact]
    public async Task Values_that_do_not_fit_are_rejects_with_their_key()
    {
        var job = Job(Table(Is("n", ColumnType.Bigint)), Strategy.Merge);
        var report = await Desk.LoadAsync(job, LoadScenario.Plain, ["""{"id":1,"n":"many"}""", """{"id":2,"n":2}"""]);
        Assert.Equal((1, TableOutcome.Partial), (report.Rejected, report.Outcome));
        Assert.Equal(["1|NULL", "2|2"], await Desk.LinesAsync());
        var reject = Assert.Single((await Desk.ReadAsync("_sluice_rejects", "column_name"))!);
        Assert.Equal(("things", "n", "many"), (reject["table_name"], reject["column_name"], reject["raw_value"]));
        Assert.Equal("{\"id\":\"1\"}", Line(reject, "record_key"));
    }

    [Fact]
    public async Task Every_load_has_its_line_in_the_ledger()
    {
        var job = Job(Named, Strategy.Merge);
        await Desk.LoadAsync(job, LoadScenario.Plain, ["""{"id":1,"name":"a"}""", """{"id":1,"name":"b"}"""]);
        await Desk.LoadAsync(job, LoadScenario.Plain, ["""{"id":1,"name":"b"}""", """{"id":2,"name":"c"}"""]);
        var lines = await Desk.ReadAsync("_sluice_ledger", "run_id");
        Assert.Equal(
            ["things|run 1|2|1|1|0|1", "things|run 2|2|0|1|1|2"],
            lines!.Select(line =>
                string.Join(
                    '|',
                    new[] { "table_name", "run_id", "fetched", "doubled", "loaded", "unchanged", "table_rows" }.Select(column =>
                        Convert.ToString(line[column], CultureInfo.InvariantCulture)))));
    }
}
