using Sluice.Engine;
using Sluice.Engine.Runs;
using Sluice.Settings;
using Sluice.Simulator;
using Xunit;

namespace Sluice.Tests.Runs;

public class FlattenTests
{
    private static readonly SimulatorOptions Options = new() { Customers = 80, RequestsPerSecond = 0 };

    [Fact]
    public async Task Every_attribute_becomes_a_column_with_the_value_that_the_object_has()
    {
        await using var bench = await IngestHarness.StartAsync(Options);
        await IngestAsync(bench, new SettingWords().Say("--source-table", "customer_attributes").Say("--flatten", ["all"]));
        var names = bench
            .Query("SELECT DISTINCT unnest(json_keys(attributes)) AS name FROM customerio.customer_attributes")
            .Select(row => (string)row[0]!)
            .ToList();
        var columns = Columns(bench, "customer_attributes");
        Assert.Contains("plan", columns);
        foreach (var name in names.Where(columns.Contains).Except(["id", "email", "cio_id"]))
        {
            Assert.Equal(
                0L, bench.Scalar($"SELECT count(*) FROM customerio.customer_attributes WHERE \"{name}\" IS DISTINCT FROM (attributes->>'{name}')"));
        }
    }

    [Fact]
    public async Task Attributes_that_differ_only_by_case_or_by_odd_letters_stay_two()
    {
        await using var bench = await IngestHarness.StartAsync(Options);
        await bench.ChangeAsync(
            """{"op":"add-person","id":"odd","attributes":{"Favourite Colour":"red","favourite_colour":"blue","Name":"A","name":"b"}}""");
        await IngestAsync(
            bench, new SettingWords()
                .Say("--source-table", "customer_attributes")
                .Say("--flatten", ["Favourite Colour,favourite_colour,Name,name"]));
        var row = Assert.Single(bench.Query("SELECT * FROM customerio.customer_attributes WHERE id = 'odd'"));
        var values = Columns(bench, "customer_attributes").Zip(row).ToDictionary(pair => pair.First, pair => pair.Second);
        Assert.Equal(
            ["A", "b"], values.Where(pair => pair.Key.StartsWith("name", StringComparison.OrdinalIgnoreCase)).Select(pair => pair.Value).Order());
        Assert.Equal(
            ["blue", "red"],
            values.Where(pair => pair.Key.StartsWith("favourite", StringComparison.OrdinalIgnoreCase)).Select(pair => pair.Value).Order());
    }

    [Fact]
    public async Task Only_the_named_attributes_become_columns_and_their_types_can_be_set()
    {
        await using var bench = await IngestHarness.StartAsync(Options);
        await bench.ChangeAsync("""{"op":"add-person","id":"aged","attributes":{"age":"41","plan":"pro"}}""");
        await IngestAsync(bench, new SettingWords()
            .Say("--source-table", "customer_attributes")
            .Say("--flatten", ["age"])
            .Say("--columns", ["age:bigint"]));
        Assert.Equal(41L, bench.Scalar("SELECT age FROM customerio.customer_attributes WHERE id = 'aged'"));
        Assert.DoesNotContain("plan", Columns(bench, "customer_attributes"));
    }

    [Fact]
    public async Task New_attributes_are_added_by_a_later_run_and_keep_their_column()
    {
        await using var bench = await IngestHarness.StartAsync(Options);
        var settings = new SettingWords().Say("--source-table", "customer_attributes").Say("--flatten", ["all"]);
        await IngestAsync(bench, settings);
        var before = Columns(bench, "customer_attributes");
        await bench.ChangeAsync("""{"op":"add-person","id":"later","attributes":{"brand new":"x"}}""");
        await IngestAsync(bench, settings);
        Assert.Equal(["brand_new"], Columns(bench, "customer_attributes").Except(before));
        Assert.Equal("x", bench.Scalar("SELECT brand_new FROM customerio.customer_attributes WHERE id = 'later'"));
    }

    [Fact]
    public async Task The_data_of_activities_becomes_columns_that_begin_with_data()
    {
        await using var bench = await IngestHarness.StartAsync(Options);
        await IngestAsync(bench, new SettingWords().Say("--source-table", "activities").Say("--flatten", ["all"]));
        var column = Columns(bench, "activities").First(name => name.StartsWith("data_", StringComparison.Ordinal));
        Assert.NotEqual(0L, bench.Scalar($"SELECT count(\"{column}\") FROM customerio.activities"));
    }

    [Fact]
    public async Task A_masked_attribute_is_masked_in_its_column_too()
    {
        await using var bench = await IngestHarness.StartAsync(Options);
        await bench.ChangeAsync("""{"op":"add-person","id":"secret","attributes":{"ssn":"123-45-6789"}}""");
        await IngestAsync(bench, new SettingWords()
            .Say("--source-table", "customer_attributes")
            .Say("--flatten", ["all"])
            .Say("--mask", ["attributes.ssn:redact"]));
        var row = Assert.Single(bench.Query("SELECT ssn, CAST(attributes AS VARCHAR) FROM customerio.customer_attributes WHERE id = 'secret'"));
        Assert.DoesNotContain("6789", string.Join(' ', row), StringComparison.Ordinal);
        Assert.NotNull(row[0]);
    }

    [Fact]
    public void Flattening_a_table_without_an_object_is_a_mistake()
    {
        var mistakes = new ValidationErrors();
        IngestRequestReader.Read(new SettingWords().Say("--source-table", "campaigns").Say("--flatten", ["all"]), "x", mistakes);
        Assert.True(mistakes.Any);
    }

    [Fact]
    public async Task Columns_are_renamed_with_their_keys()
    {
        await using var bench = await IngestHarness.StartAsync(Options);
        var settings = new SettingWords()
            .Say("--source-table", "campaign_actions")
            .Say("--rename", ["id=action_id,name=title,campaign_id=campaign"]);
        await IngestAsync(bench, settings);
        var report = await IngestAsync(bench, settings);
        Assert.Equal(3, Columns(bench, "campaign_actions").Intersect(["action_id", "title", "campaign"]).Count());
        Assert.Empty(Columns(bench, "campaign_actions").Intersect(["id", "name", "campaign_id"]));
        Assert.Equal(0L, bench.Scalar("SELECT count(*) FROM customerio.campaign_actions WHERE action_id IS NULL OR campaign IS NULL"));
        Assert.Equal(0, report.Tables[0].Rows);
    }

    [Fact]
    public async Task An_archive_keeps_what_slides_out_of_the_range_and_updates_what_changes()
    {
        await using var bench = await IngestHarness.StartAsync(Options);
        var settings = new SettingWords().Say("--source-table", "newsletter_metrics:days").Say("--archive", "true");
        await IngestAsync(bench, settings);
        var first = bench.Query("SELECT newsletter_id, period_start FROM customerio.newsletter_metrics_days");
        await bench.AdvanceAsync("3d");
        await IngestAsync(bench, settings);
        Assert.Equal((long)first.Count / 45 * 48, bench.Scalar("SELECT count(*) FROM customerio.newsletter_metrics_days"));
        Assert.Equal(
            0L,
            bench.Scalar(
                "SELECT count(*) FROM (SELECT newsletter_id, period_start FROM customerio.newsletter_metrics_days GROUP BY ALL HAVING count(*) > 1)")
        );
        Assert.DoesNotContain("step_index", Columns(bench, "newsletter_metrics_days"));
    }

    private static async Task<RunReport> IngestAsync(IngestHarness bench, SettingWords settings)
    {
        var mistakes = new ValidationErrors();
        var request = IngestRequestReader.Read(settings, "test", mistakes) with { WorkFolder = bench.WorkFolder };
        mistakes.ThrowIfAny();
        var report = await bench.IngestAsync(request);
        Assert.Equal(ExitCode.Done, report.ExitCode);
        return report;
    }

    private static IReadOnlyList<string> Columns(IngestHarness bench, string table) =>
        [
            .. bench
                .Query($"SELECT column_name FROM information_schema.columns WHERE table_name = '{table}' ORDER BY ordinal_position")
                .Select(row => (string)row[0]!),
        ];
}
