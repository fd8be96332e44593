using System.Text;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;
using Sluice.Settings;
using Sluice.Simulator;
using Xunit;

namespace Sluice.Tests.Runs;

public class SplitTablesTests
{
    private static readonly SimulatorOptions Options = new() { Customers = 80, Activities = 900, RequestsPerSecond = 0 };
    private static readonly string[] Parsed = ["result=parsed"];

    [Fact]
    public async Task Each_type_becomes_a_table_with_exactly_its_activities()
    {
        await using var bench = await IngestHarness.StartAsync(Options);
        var whole = await IngestAsync(bench, []);
        var parsed = await IngestAsync(bench, Parsed);
        foreach (var type in bench.Query("SELECT type, count(*) FROM customerio.activities GROUP BY ALL"))
        {
            var table = Assert.Single(parsed.Tables, table => bench.Scalar($"SELECT min(type) FROM {table.Table}") as string == (string)type[0]!);
            Assert.Equal(type[1], bench.Scalar($"SELECT count(*) FROM {table.Table}"));
            Assert.Equal(
                0L, bench.Scalar($"SELECT count(*) FROM {table.Table} p ANTI JOIN customerio.activities a ON a.id = p.id AND a.type = p.type"));
        }

        Assert.Contains(parsed.Tables, table => table.Table == "customerio.activity_event");
        Assert.Equal(whole.Requests, parsed.Requests);
    }

    [Fact]
    public async Task The_data_of_each_type_is_flattened_into_its_own_columns()
    {
        await using var bench = await IngestHarness.StartAsync(Options);
        await IngestAsync(bench, Parsed);
        var keys = bench.Query("SELECT DISTINCT unnest(json_keys(data)) FROM customerio.activity_event").Select(row => (string)row[0]!).ToList();
        Assert.NotEmpty(keys);
        var data = Columns(bench, "activity_event").Where(name => name.StartsWith("data_", StringComparison.Ordinal)).ToList();
        Assert.Equal(keys.Count, data.Count);
        Assert.NotEqual(data, Columns(bench, "activity_attribute_change").Where(name => name.StartsWith("data_", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Events_become_a_table_for_each_name_if_that_is_wanted()
    {
        await using var bench = await IngestHarness.StartAsync(Options);
        await IngestAsync(bench, []);
        var parsed = await IngestAsync(bench, [.. Parsed, "event_tables=true"]);
        var names = bench.Query("SELECT DISTINCT name FROM customerio.activities WHERE type = 'event'").Count;
        Assert.Equal(names, parsed.Tables.Count(table => table.Table.StartsWith("customerio.activity_event", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("2020-01-01")]
    public async Task A_table_keeps_its_name_for_good_whatever_others_come_and_however_long_it_is(string intervalStart)
    {
        await using var bench = await IngestHarness.StartAsync(Options with { Activities = 0 });
        var start = "Completed the onboarding questionnaire about marketing";
        await AddEventsAsync(bench, "ok?", $"{start} preferences", new string('ü', 50));
        var first = await RunAsync();
        await AddEventsAsync(bench, "ok!", "Ok?", $"{start} A", $"{start} Z", $"{new string('ü', 49)}x");
        var second = await RunAsync();

        Assert.Equal("customerio.activity_event_ok_", first["ok?"]);
        Assert.All(first, table => Assert.Equal(table.Value, second[table.Key]));
        Assert.Equal(8, second.Values.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(second.Values, table => Assert.InRange(Encoding.UTF8.GetByteCount(table["customerio.".Length..]), 1, 63));
        Assert.Equal("customerio.activity_event_" + new string('ü', 19) + "_", second[new string('ü', 50)][..^8]);

        async Task<Dictionary<string, string>> RunAsync()
        {
            var request = Read(bench, "activities", [.. Parsed, "event_tables=true"], "merge", intervalStart) with
            {
                TableNames = new NameLimit(63, "PostgreSQL"),
            };
            var report = await bench.IngestAsync(request);
            Assert.Equal(ExitCode.Done, report.ExitCode);
            return report.Tables.Where(table => table.Table.StartsWith("customerio.activity_event_", StringComparison.Ordinal)).ToDictionary(
                table => (string)Assert.Single(bench.Query($"SELECT DISTINCT name FROM {table.Table}"))[0]!,
                table => table.Table,
                StringComparer.Ordinal);
        }
    }

    [Fact]
    public async Task The_plan_says_that_names_are_cut()
    {
        await using var bench = await IngestHarness.StartAsync(Options);
        using var client = bench.Client();
        var request = Read(bench, "activities", [.. Parsed, "event_tables=true"], null) with { TableNames = new NameLimit(63, "PostgreSQL") };
        var plan = await Planner.PlanAsync(
            request, Workspace.Alone(request, client), null, TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Contains(plan.Notes, note => note.Contains("PostgreSQL takes names of 63 bytes: longer ones are cut", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Columns_and_tables_grow_over_runs_and_what_is_known_is_not_read_again()
    {
        await using var bench = await IngestHarness.StartAsync(Options);
        var first = await IngestAsync(bench, Parsed, "merge");
        await bench.ChangeAsync("""{"op":"add-activity","type":"event","name":"brand new","data":{"never seen":1}}""");
        await bench.ChangeAsync("""{"op":"add-activity","type":"webhook_event","data":{"other":true}}""");
        var second = await IngestAsync(bench, Parsed, "merge");
        Assert.Equal(1L, bench.Scalar("SELECT data_never_seen FROM customerio.activity_event WHERE name = 'brand new'"));
        Assert.Contains(
            "customerio.activity_webhook_event", second.Tables.Select(table => table.Table).Except(first.Tables.Select(table => table.Table)));
        Assert.True(second.Requests < first.Requests, $"{first.Requests}, then {second.Requests}");
        Assert.All(second.Tables, table => Assert.True(table.TableRows > 0));
    }

    [Fact]
    public async Task One_table_holds_all_with_the_data_as_JSON()
    {
        await using var bench = await IngestHarness.StartAsync(Options);
        await IngestAsync(bench, ["result=single_table"]);
        Assert.Equal(
            "JSON", bench.Scalar("SELECT data_type FROM information_schema.columns WHERE table_name = 'activities_all' AND column_name = 'data'"));
    }

    [Fact]
    public async Task A_list_that_can_not_be_read_is_the_tables_failure_and_no_other_tables()
    {
        await using var bench = await IngestHarness.StartAsync(Options);
        await bench.FaultsAsync("403@1/v1/activities");
        var report = await bench.IngestAsync(Read(bench, "activities,campaigns", Parsed, null));
        Assert.Equal([TableOutcome.Done, TableOutcome.Failed], report.Tables.Select(table => table.Outcome));
    }

    [Fact]
    public async Task What_is_masked_for_the_table_is_masked_in_every_slice_and_nowhere_on_disk()
    {
        await using var bench = await IngestHarness.StartAsync(Options);
        await bench.ChangeAsync("""{"op":"add-activity","type":"event","name":"a-name-to-hide","data":{"n":1}}""");
        var mistakes = new ValidationErrors();
        var settings = new SettingWords()
            .Say("--source-table", "activities")
            .Say("--option", Parsed)
            .Say("--mask", ["name:redact"])
            .Say("--keep-spool", "true");
        var jobs = IngestRequestReader.Read(settings, "", mistakes).Tables;
        var request = bench.Request([.. jobs]).WithSettings(own => own with { IsOwn = true }) with { KeepSpool = true };
        var report = await bench.IngestAsync(request);
        Assert.Equal(ExitCode.Done, report.ExitCode);
        Assert.Single(bench.Query("SELECT DISTINCT name FROM customerio.activity_event"));
        Assert.NotEmpty(Directory.EnumerateFiles(bench.WorkFolder, "*.ndjson", SearchOption.AllDirectories));
        Assert.DoesNotContain(
            Directory.EnumerateFiles(bench.WorkFolder, "*.ndjson", SearchOption.AllDirectories),
            file => File.ReadAllText(file).Contains("a-name-to-hide", StringComparison.Ordinal));
        Assert.True(report.Requests < 15, $"{report.Requests} requests: the list was read twice");
    }

    private static async Task<RunReport> IngestAsync(IngestHarness bench, string[] options, string? strategy = null)
    {
        var report = await bench.IngestAsync(Read(bench, "activities", options, strategy));
        Assert.Equal(ExitCode.Done, report.ExitCode);
        return report;
    }

    private static async Task AddEventsAsync(IngestHarness bench, params string[] names)
    {
        foreach (var name in names)
        {
            await bench.ChangeAsync($$$"""{"op":"add-activity","type":"event","name":"{{{name}}}","data":{"n":1}}""");
        }
    }

    private static IngestRequest Read(IngestHarness bench, string tables, string[] options, string? strategy, string intervalStart = "")
    {
        var mistakes = new ValidationErrors();
        var settings = new SettingWords()
            .Say("--source-table", tables)
            .Say("--option", options)
            .Say("--incremental-strategy", strategy ?? "")
            .Say("--interval-start", intervalStart);
        var request = IngestRequestReader.Read(settings, "test", mistakes) with { WorkFolder = bench.WorkFolder };
        mistakes.ThrowIfAny();
        return request;
    }

    private static IReadOnlyList<string> Columns(IngestHarness bench, string table) =>
        [
            .. bench
                .Query($"SELECT column_name FROM information_schema.columns WHERE table_name = '{table}' ORDER BY ordinal_position")
                .Select(row => (string)row[0]!),
        ];
}
