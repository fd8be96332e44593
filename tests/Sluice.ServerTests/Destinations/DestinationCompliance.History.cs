using Sluice.Engine.Catalog;
using Sluice.Engine.Load;
using Sluice.Engine.Runs;
using Xunit;
using static Sluice.ServerTests.Destinations.LoadHarness;

namespace Sluice.ServerTests.Destinations;

public abstract partial class DestinationCompliance
{
    private const string History = "things_history";

    // Files of two tables can't become visible in one step, nor can tables that MySQL makes: a history is refused there.
    private bool HasNoHistory => Place.Uri.Split(':')[0] is "parquet" or "csv" or "jsonl" or "s3" or "azblob" or "mysql" or "mariadb";

    [Fact]
    public async Task A_history_is_kept_or_refused_before_anything_is_read()
    {
        var report = await Desk.TryLoadAsync(Place.Uri, Kept(Named, Strategy.Merge), LoadScenario.Plain, ["""{"id":1,"name":"a"}"""]);
        Assert.Equal(HasNoHistory ? TableOutcome.Failed : TableOutcome.Done, report.Outcome);
        if (HasNoHistory)
        {
            Assert.Contains("crm.things can't have a history: ", report.Error, StringComparison.Ordinal);
            Assert.Contains("DuckDB, PostgreSQL, SQLite or ClickHouse", report.Hint, StringComparison.Ordinal);
            Assert.Null(await Desk.ReadAsync());
            return;
        }

        Assert.Equal(["1|a|NULL"], await Desk.LinesAsync());
        Assert.Equal(["1|a|NULL|open"], await VersionsAsync());
    }

    [Theory]
    [InlineData(Strategy.Merge)]
    [InlineData(Strategy.Replace)]
    public async Task A_row_that_changes_back_and_forth_has_a_version_each_time_and_one_that_stays_has_one(Strategy strategy)
    {
        if (HasNoHistory)
        {
            return;
        }

        var job = Kept(Named, strategy);
        foreach (var name in (string[])["a", "b", "b", "a"])
        {
            await Desk.LoadAsync(job, LoadScenario.Plain, [$$"""{"id":1,"name":"{{name}}","at":7}""", """{"id":2,"name":"z"}"""]);
        }

        const string at = "1970-01-01T00:00:07";
        Assert.Equal([$"1|a|{at}|closed", $"1|b|{at}|closed", $"1|a|{at}|open", "2|z|NULL|open"], await VersionsAsync());
        var rows = await ReadHistoryAsync();
        Assert.Equal(rows[0][HistoryTable.ValidTo], rows[1][HistoryTable.ValidFrom]);
        Assert.Equal(rows[1][HistoryTable.ValidTo], rows[2][HistoryTable.ValidFrom]);
        Assert.True((DateTimeOffset)rows[0][HistoryTable.ValidFrom]! < (DateTimeOffset)rows[0][HistoryTable.ValidTo]!);
        Assert.DoesNotContain(rows[0].Keys, column => column.StartsWith("_sluice_", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Strategy.Merge, DeletePolicy.Soft)]
    [InlineData(Strategy.Merge, DeletePolicy.Hard)]
    [InlineData(Strategy.Replace, DeletePolicy.Soft)]
    [InlineData(Strategy.Replace, DeletePolicy.Hard)]
    public async Task A_row_that_is_gone_has_no_open_version_until_it_comes_back(Strategy strategy, DeletePolicy deletes)
    {
        if (HasNoHistory)
        {
            return;
        }

        var (job, wish) = (Kept(Named, strategy), LoadScenario.Plain with { Deletes = deletes });
        string[] both = ["""{"id":1,"name":"a"}""", """{"id":2,"name":"b"}"""];
        await Desk.LoadAsync(job, wish, both);
        await Desk.LoadAsync(job, wish, [both[0]]);
        Assert.Equal(["1|a|NULL|open", "2|b|NULL|closed"], await VersionsAsync());
        await Desk.LoadAsync(job, wish, [both[0]]);
        await Desk.LoadAsync(job, wish, both);
        Assert.Equal(["1|a|NULL|open", "2|b|NULL|closed", "2|b|NULL|open"], await VersionsAsync());
    }

    [Fact]
    public async Task A_load_that_is_done_again_adds_no_version_and_a_refresh_keeps_all()
    {
        if (HasNoHistory)
        {
            return;
        }

        var job = Kept(Named, Strategy.Merge);
        await Desk.LoadAsync(job, LoadScenario.Plain, ["""{"id":1,"name":"old"}"""]);
        var target = Desk.Target(job, "load") with { KeepsVersions = true, LoadedAt = DateTimeOffset.UtcNow };
        await using (var destination = await Desk.OpenAsync())
        {
            await CommitAsync(destination, job, target, ["""{"id":1,"name":"new"}"""]);
            await CommitAsync(destination, job, target, ["""{"id":1,"name":"new"}"""]);
        }

        Assert.Equal(["1|old|NULL|closed", "1|new|NULL|open"], await VersionsAsync());
        await Desk.LoadAsync(job.AsFullRefresh(), LoadScenario.Plain with { FullRefresh = true }, ["""{"id":1,"name":"x"}"""]);
        Assert.Equal(["1|old|NULL|closed", "1|new|NULL|closed", "1|x|NULL|open"], await VersionsAsync());
    }

    [Fact]
    public async Task A_history_that_is_behind_catches_up_with_the_table()
    {
        if (HasNoHistory)
        {
            return;
        }

        var job = Kept(Named, Strategy.Merge);
        await Desk.LoadAsync(job, LoadScenario.Plain, ["""{"id":1,"name":"a"}""", """{"id":2,"name":"b"}"""]);
        await Desk.LoadAsync(job with { KeepsVersions = false }, LoadScenario.Plain, ["""{"id":1,"name":"unseen"}""", """{"id":3,"name":"c"}"""]);
        var report = await Desk.LoadAsync(job, LoadScenario.Plain, ["""{"id":2,"name":"b"}"""]);
        Assert.Equal(["1|a|NULL|closed", "1|unseen|NULL|open", "2|b|NULL|open", "3|c|NULL|open"], await VersionsAsync());
        Assert.Equal((0, 1), (report.Rows, report.Unchanged));
    }

    [Fact]
    public async Task A_history_takes_columns_that_come_and_types_that_grow()
    {
        if (HasNoHistory)
        {
            return;
        }

        var job = Kept(Named, Strategy.Merge);
        await Desk.LoadAsync(job, LoadScenario.Plain, ["""{"id":1,"name":"a"}""", """{"id":2,"name":"b"}"""]);
        await Desk.LoadAsync(job, LoadScenario.Plain, ["""{"id":1,"name":"a","more":7}"""]);
        await Desk.LoadAsync(job, LoadScenario.Plain, ["""{"id":1,"name":"a","more":"seven"}"""]);
        var rows = await ReadHistoryAsync();
        Assert.Equal(
            ["1|a|NULL", "1|a|7", "1|a|seven", "2|b|NULL"], rows.Select(row => Line(row, "id", "name", "more")));
        Assert.Equal([false, false, true, true], rows.Select(row => row[HistoryTable.ValidTo] is null));
    }

    [Fact]
    public async Task Rows_without_a_key_have_one_version_each()
    {
        if (HasNoHistory)
        {
            return;
        }

        var job = Kept(Table(Is("name", ColumnType.Text)), Strategy.Merge);
        string[] records = ["""{"id":null,"name":"a"}""", """{"id":null,"name":"b"}""", """{"id":1,"name":"c"}"""];
        await Desk.LoadAsync(job, LoadScenario.Plain, records);
        await Desk.LoadAsync(job, LoadScenario.Plain, records);
        Assert.Equal(["1|c|open", "NULL|a|open", "NULL|b|open"], (await VersionsAsync()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_table_of_somebody_else_with_the_name_of_the_history_is_left_alone()
    {
        if (HasNoHistory)
        {
            return;
        }

        await Desk.LoadAsync(Job(Named, Strategy.Replace) with { Table = History }, LoadScenario.Plain, ["""{"id":9,"name":"mine"}"""]);
        var report = await Desk.TryLoadAsync(Place.Uri, Kept(Named, Strategy.Merge), LoadScenario.Plain, ["""{"id":1,"name":"a"}"""]);
        Assert.Equal(TableOutcome.Failed, report.Outcome);
        Assert.Contains("holds no versions of rows: it has no valid_from and valid_to", report.Error, StringComparison.Ordinal);
        Assert.Equal(["9|mine"], (await Desk.ReadAsync(History))!.Select(row => Line(row, "id", "name")));
    }

    [Fact]
    public async Task A_column_that_only_a_history_can_have_is_told_before_anything_is_read()
    {
        if (HasNoHistory)
        {
            return;
        }

        var job = Kept(Table(Is("valid_from", ColumnType.Text)), Strategy.Merge);
        var report = await Desk.TryLoadAsync(Place.Uri, job, LoadScenario.Plain, ["""{"id":1,"valid_from":"a"}"""]);
        Assert.Equal(TableOutcome.Failed, report.Outcome);
        Assert.Contains("has a column valid_from, as its history does", report.Error, StringComparison.Ordinal);
        Assert.Null(await Desk.ReadAsync());
    }

    [Fact]
    public async Task What_a_whole_reading_shows_is_appended_with_its_time()
    {
        var resource = Table(Is("name", ColumnType.Text), Is("state", ColumnType.Text), Is("who", ColumnType.Text)) with
        {
            Observed = new ObservationRule("thing_states", "")
            {
                Columns =
                [
                    Is("thing", ColumnType.Bigint) with { Source = "{id}" },
                    Is("state", ColumnType.Text) with { Source = "any_value({state})" },
                    Is("people", ColumnType.Bigint) with { Source = "count(DISTINCT {who})" },
                ],
            },
        };
        var job = Job(resource, Strategy.Merge) with { Observes = true };
        await Desk.LoadAsync(job, LoadScenario.Plain, ["""{"id":1,"state":"draft","who":"a"}"""], ["""{"id":2,"state":"running"}"""]);
        await Desk.LoadAsync(job, LoadScenario.Plain, ["""{"id":1,"state":"running","who":"a"}""", """{"id":2,"state":"running"}"""]);
        await Desk.LoadAsync(job with { Observes = false }, LoadScenario.Plain, ["""{"id":1,"state":"stopped"}"""]);
        var seen = (await Desk.ReadAsync("thing_states", "thing"))!;
        Assert.Equal(
            ["1|draft|1", "1|running|1", "2|running|0"], seen.Select(row => Line(row, "thing", "state", "people")).Order(StringComparer.Ordinal));
        Assert.All(seen, row => Assert.Equal(Began, row["observed_at"]));
        Assert.Equal(["1|stopped", "2|running"], await Desk.LinesAsync("id", "state"));
    }

    private static TableJob Kept(Resource resource, Strategy strategy) => Job(resource, strategy) with { KeepsVersions = true };

    private async Task<List<Dictionary<string, object?>>> ReadHistoryAsync() =>
        (await Desk.ReadAsync(History, "id", HistoryTable.ValidFrom))!;

    private async Task<IReadOnlyList<string>> VersionsAsync() =>
    [
        .. (await ReadHistoryAsync()).Select(row =>
            $"{Line(row, "id", "name", "at")}|{(row[HistoryTable.ValidTo] is null ? "open" : "closed")}"),
    ];
}
