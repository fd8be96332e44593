using Sluice.Destinations;
using Sluice.Destinations.ClickHouse;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;
using Sluice.ServerTests.Servers;
using Xunit;
using static Sluice.ServerTests.Destinations.LoadHarness;

namespace Sluice.ServerTests.Destinations.ClickHouse;

/// <summary>What only ClickHouse does.</summary>
public sealed class ClickHouseTableTests(ChdbServer server)
{
    private static readonly Resource Things = Table(Is("name", ColumnType.Text), Is("at", ColumnType.UnixTime));

    private static readonly Dictionary<string, DateTimeOffset> NoParents = new(StringComparer.Ordinal);

    [Fact]
    public async Task A_load_stopped_between_its_rows_and_its_system_tables_is_finished_by_whoever_looks_next()
    {
        await using var place = await PlaceAsync();
        var (desk, database) = (new LoadHarness(place), place.Database);
        await desk.LoadAsync(Job(Things, Strategy.Merge), LoadScenario.Plain, ["""{"id":1,"name":"a"}""", """{"id":2,"name":"b"}"""]);
        await desk.LoadAsync(Job(Things, Strategy.Merge), LoadScenario.Plain, ["""{"id":2,"name":"B"}""", """{"id":3,"name":"c"}"""]);
        var (states, ledger) = (await StatesAsync(place), await desk.ReadAsync("_sluice_ledger", "run_id"));

        // As if the second run had been killed right after its rows.
        foreach (var book in (string[])["_sluice_ledger", "_sluice_state"])
        {
            var column = book == "_sluice_state" ? "_sluice_version" : "run_id";
            await database.QueryAsync($"CREATE TABLE kept AS crm___{book}");
            await database.QueryAsync(
                $"INSERT INTO kept SELECT * FROM crm___{book} WHERE {(book == "_sluice_state" ? $"{column} = 1" : $"{column} = 'run 1'")}");
            await database.QueryAsync($"RENAME TABLE crm___{book} TO gone, kept TO crm___{book}");
            await database.QueryAsync("DROP TABLE gone");
        }

        Assert.Equal(states, await StatesAsync(place));
        Assert.Equal(ledger!.Select(line => Line(line)), (await desk.ReadAsync("_sluice_ledger", "run_id"))!.Select(line => Line(line)));
        Assert.Equal(["1|a|NULL", "2|B|NULL", "3|c|NULL"], await desk.LinesAsync());
    }

    [Fact]
    public async Task A_load_that_is_noted_and_not_there_is_not_taken_for_done()
    {
        await using var place = await PlaceAsync();
        var desk = new LoadHarness(place);
        var job = Job(Things, Strategy.Merge);
        await desk.LoadAsync(job, LoadScenario.Plain, ["""{"id":1,"name":"a"}"""]);

        // The note of the first load once more, as one that was never carried out.
        var note = await place.Database.QueryAsync("SELECT note FROM crm____sluice_loads FINAL FORMAT TabSeparatedRaw");
        var noted = note.Replace("\"Version\":1", "\"Version\":2", StringComparison.Ordinal)
            .Replace(LoadIdOf(note), "never", StringComparison.Ordinal)
            .Replace("run 1", "run never", StringComparison.Ordinal);
        await place.Database.QueryAsync(
            "INSERT INTO crm____sluice_loads (table_name, load_id, note, _sluice_version) FORMAT TabSeparated",
            System.Text.Encoding.UTF8.GetBytes($"things\tnever\t{noted.Replace("\\", "\\\\", StringComparison.Ordinal)}\t2\n"));
        Assert.Equal(["run 1"], (await StatesAsync(place)).Select(state => state.RunId));
        Assert.Equal(["run 1"], (await desk.ReadAsync("_sluice_ledger", "run_id"))!.Select(line => (string)line["run_id"]!));
        await desk.LoadAsync(job, LoadScenario.Plain, ["""{"id":2,"name":"b"}"""]);
        Assert.Equal(["1|a|NULL", "2|b|NULL"], await desk.LinesAsync());
    }

    [Fact]
    public async Task What_a_stopped_run_left_is_cleared_away_by_the_next()
    {
        await using var place = await PlaceAsync();
        await place.Database.QueryAsync("CREATE TABLE _sluice_tmp_crm___things_0123abcds (i Int64) ENGINE = MergeTree ORDER BY i");
        await place.Database.QueryAsync("CREATE TABLE _sluice_tmp_crm___things_more_0123abcds (i Int64) ENGINE = MergeTree ORDER BY i");
        await place.Database.QueryAsync(WriterLockTests.Create("crm___things", $"load attempt {WriterOwner.Machine} {int.MaxValue}"));
        await new LoadHarness(place).LoadAsync(Job(Things, Strategy.Merge), LoadScenario.Plain, ["""{"id":1,"name":"a"}"""]);
        Assert.Equal(
            "_sluice_tmp_crm___things_more_0123abcds",
            await place.Database.QueryAsync(
                "SELECT name FROM system.tables WHERE database = currentDatabase() AND (name LIKE '%tmp%' OR name LIKE '%lock%')"));
    }

    [Fact]
    public async Task Names_that_mean_a_part_of_another_column_get_one_that_does_not()
    {
        await using var place = await PlaceAsync();
        var desk = new LoadHarness(place);
        await desk.LoadAsync(Job(Table(), Strategy.Merge), LoadScenario.Plain, ["""{"id":1,"email":"a@b","email.null":7,"email.size":8}"""]);
        Assert.Equal(
            "7\t8\t3", await place.Database.QueryAsync("SELECT max(`email.null_`), max(`email.size_`), any(length(email)) FROM crm___things FINAL"));
    }

    [Fact]
    public async Task Long_rows_go_up_in_files_of_few_rows_and_keep_numbers_of_their_own()
    {
        await using var place = await PlaceAsync();
        var keyless = Table(Is("name", ColumnType.Text)) with { PrimaryKey = [] };
        var text = new string('x', 100_000);
        var rows = Enumerable.Range(0, 400).Select(id => $$"""{"id":{{id}},"name":"{{id}}{{text}}"}""").ToList();
        await new LoadHarness(place).LoadAsync(Job(keyless, Strategy.Replace), LoadScenario.Plain, rows);
        Assert.Equal(
            "400\t400\t399\t100003",
            await place.Database.QueryAsync(
                "SELECT count(), uniqExact(_sluice_row), max(_sluice_row) - min(_sluice_row), max(length(name)) FROM crm___things FINAL"));
    }

    [Fact]
    public async Task Without_a_database_in_the_address_each_schema_is_one()
    {
        await using var place = await PlaceAsync();
        var name = $"{place.Database.Name}_alone";
        var uri = server.Uri("");
        var report = await new LoadHarness(place).TryLoadAsync(
            uri,
            Job(Things, Strategy.Replace) with
            {
                Schema = name,
            },
            LoadScenario.Plain,
            ["""{"id":1,"name":"a"}"""]);
        Assert.True(report.Outcome == TableOutcome.Done, $"{report.Error} {report.Hint}");
        Assert.Equal("1\ta", await place.Database.QueryAsync($"SELECT id, name FROM {name}.things"));
        await place.Database.QueryAsync($"DROP DATABASE {name}");
    }

    [Fact]
    public async Task A_table_of_somebody_elses_is_not_merged_into()
    {
        await using var place = await PlaceAsync();
        await place.Database.QueryAsync("CREATE TABLE crm___things (id Nullable(Int64), name String) ENGINE = MergeTree ORDER BY tuple()");
        var report = await new LoadHarness(place).TryLoadAsync(
            place.Uri,
            Job(Things, Strategy.Merge),
            LoadScenario.Plain,
            ["""{"id":1,"name":"a"}"""]);
        Assert.Equal(SluiceErrorKind.Destination, report.ErrorKind);
        Assert.Contains("was not made by Sluice", report.Error, StringComparison.Ordinal);
        Assert.Contains("--full-refresh", report.Hint, StringComparison.Ordinal);
        var anew = await new LoadHarness(place).TryLoadAsync(
            place.Uri,
            Job(Things, Strategy.Replace),
            LoadScenario.Plain with { FullRefresh = true },
            ["""{"id":1,"name":"a"}"""]);
        Assert.True(anew.Outcome == Engine.Runs.TableOutcome.Done, $"{anew.Error} {anew.Hint}");
        Assert.Equal("1", await place.Database.QueryAsync("SELECT count() FROM crm___things WHERE name = 'a'"));
    }

    [Theory]
    [InlineData("CREATE VIEW crm___things AS SELECT 1 AS id")]
    [InlineData("CREATE MATERIALIZED VIEW crm___things ENGINE = MergeTree ORDER BY id AS SELECT 1 AS id")]
    public async Task A_name_that_is_taken_by_a_view_is_told_with_the_statement_that_helps(string made)
    {
        await using var place = await PlaceAsync();
        await place.Database.QueryAsync(made);
        var desk = new LoadHarness(place);
        var refused = await desk.TryLoadAsync(place.Uri, Job(Things, Strategy.Replace), LoadScenario.Plain, ["""{"id":1,"name":"a"}"""]);
        Assert.Contains("is a view", refused.Error, StringComparison.Ordinal);
        await place.Database.QueryAsync(Remedies.Of(refused).TrimEnd(';'));
        await desk.LoadAsync(Job(Things, Strategy.Replace), LoadScenario.Plain, ["""{"id":1,"name":"a"}"""]);
    }

    [Fact]
    public async Task A_key_that_becomes_text_takes_its_rows_along()
    {
        await using var place = await PlaceAsync();
        var desk = new LoadHarness(place);
        var byCode = Table(Is("name", ColumnType.Text)) with { PrimaryKey = ["code"] };
        await desk.LoadAsync(
            Job(byCode, Strategy.Merge),
            LoadScenario.Plain,
            ["""{"id":1,"code":7,"name":"a"}""", """{"id":2,"code":8,"name":"b"}"""]);
        var report = await desk.LoadAsync(
            Job(byCode, Strategy.Merge),
            LoadScenario.Plain,
            ["""{"id":3,"code":"x","name":"c"}""", """{"id":1,"code":"7","name":"A"}"""]);
        Assert.Equal((2, 3), (report.Rows, report.TableRows));
        Assert.Equal(["7|A", "8|b", "x|c"], (await desk.ReadAsync("things", "code"))!.Select(row => $"{row["code"]}|{row["name"]}"));
    }

    private static async Task<IReadOnlyList<Engine.State.TableState>> StatesAsync(ClickHouseTestPlace place)
    {
        await using var destination = await DestinationRegistry.OpenAsync(place.Uri, Cancel);
        return [.. (await destination.SystemTables(Schema).ReadStatesAsync(Cancel)).Select(state => state with { Parents = NoParents })];
    }

    private static string LoadIdOf(string note) => System.Text.Json.JsonDocument.Parse(note).RootElement.GetProperty("LoadId").GetString()!;

    private async Task<ClickHouseTestPlace> PlaceAsync() => new(server, await server.NewDatabaseAsync());
}
