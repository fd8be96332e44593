using Sluice.Engine;
using Sluice.Engine.Runs;
using Sluice.Settings;
using Sluice.Simulator;
using Sluice.Tests.Cli;
using Xunit;

namespace Sluice.Tests.Runs;

public sealed class NamedColumnTests
{
    private static readonly SimulatorOptions Options = new() { Customers = 40, RequestsPerSecond = 0 };

    // Nothing listens there: what needs a request ends with 5.
    private static readonly Dictionary<string, string> Nobody = new(StringComparer.Ordinal)
    {
        ["CUSTOMERIO_APP_API_KEY"] = "k",
        ["CUSTOMERIO_BASE_URL"] = "http://127.0.0.1:9",
    };

    [Theory]
    [InlineData("messages", "--mask", "recepient:redact", "recepient", "Did you mean recipient")]
    [InlineData("customers,messages", "--mask", "emial:sha256", "emial", "Did you mean email")]
    [InlineData("messages", "--mask", "customer_identifier.email:sha256", "customer_identifier.email", "Did you mean")]
    [InlineData("messages", "--mask", "customer_identifiers.coi_id:sha256", "customer_identifiers.coi_id", "customer_identifiers.cio_id")]
    [InlineData("customer_attributes", "--mask", "attributs.phone:redact", "attributs.phone", "Did you mean attributes")]
    [InlineData("customers", "--unmask", "emial", "emial", "Did you mean email")]
    [InlineData("messages", "--columns", "recepient:text", "recepient", "Did you mean recipient")]
    [InlineData("messages", "--columns", "Recipient", "Recipient", "Did you mean recipient")]
    [InlineData("messages", "--exclude-columns", "subjekt", "subjekt", "Did you mean subject")]
    [InlineData("messages", "--rename", "creatd=created_at", "creatd", "Did you mean created")]
    [InlineData("messages", "--primary-key", "zzzzzzz", "zzzzzzz", "There are")]
    [InlineData("campaigns", "--incremental-key", "updaet", "updaet", "Did you mean updated")]
    public async Task A_name_that_nothing_has_is_refused_with_the_nearest_one_before_the_first_request(
        string tables, string option, string word, string name, string nearest)
    {
        var folder = Directory.CreateTempSubdirectory("sluice-names-").FullName;
        var destination = Path.Combine(folder, "out.duckdb");
        string[] arguments = ["ingest", "--source-table", tables, "--dest-uri", $"duckdb:///{destination}", option, word];
        var environment = new Dictionary<string, string>(Nobody, StringComparer.Ordinal) { ["SLUICE_HOME"] = Path.Combine(folder, "work") };
        var tool = new ToolHarness(environment) { Folder = folder };
        try
        {
            foreach (var run in new[] { await tool.RunAsync(arguments), await tool.RunAsync([.. arguments, "--dry-run"]) })
            {
                Assert.Equal(ExitCode.Config, run.Code);
                Assert.Contains($"{option} names {name}, which neither the catalog nor the destination has", run.Error, StringComparison.Ordinal);
                Assert.Contains(nearest, run.Error, StringComparison.Ordinal);
                Assert.Contains($"Write {name}?", run.Error, StringComparison.Ordinal);
            }

            Assert.False(File.Exists(destination));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_name_in_the_file_is_refused_with_its_line()
    {
        var folder = Directory.CreateTempSubdirectory("sluice-names-").FullName;
        try
        {
            await File.WriteAllTextAsync(
                Path.Combine(folder, "sluice.yaml"),
                """
                version: 1
                workspaces: {main: {app_api_key: "${CUSTOMERIO_APP_API_KEY}", base_url: "http://127.0.0.1:9"}}
                destinations: {w: {uri: "duckdb:///FOLDER/out.duckdb"}}
                syncs:
                  daily:
                    mask: [emial:sha256]
                    tables:
                      - customers
                      - messages: {columns: {recepient: {mask: redact}, subjet: drop, creatd: {rename: at}, plan?: text}, primary_key: idd}
                """.Replace("FOLDER", folder, StringComparison.Ordinal),
                TestContext.Current.CancellationToken);
            var environment = new Dictionary<string, string>(Nobody, StringComparer.Ordinal) { ["SLUICE_HOME"] = Path.Combine(folder, "work") };
            var tool = new ToolHarness(environment) { Folder = folder };

            var run = await tool.RunAsync("run");
            Assert.Equal(ExitCode.Config, run.Code);
            foreach (var words in (string[])[
                "sluice.yaml:6:12: mask names emial", "sluice.yaml:9:41: mask names recepient", "sluice.yaml:9:65: columns names subjet",
                "sluice.yaml:9:79: columns names creatd", "primary_key names idd", "Did you mean recipient?"])
            {
                Assert.Contains(words, run.Error + run.Out, StringComparison.Ordinal);
            }

            Assert.DoesNotContain("plan", run.Error + run.Out, StringComparison.Ordinal);
            var validated = await tool.RunAsync("validate");
            Assert.Equal(ExitCode.Done, validated.Code);
            Assert.Contains("9:41: warning: mask names recepient, which the catalog does not have", validated.Out, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("customers", "--mask", "phone?:redact,Email:sha256")]
    [InlineData("customers", "--mask", "email:sha256,recipient:partial")]
    [InlineData("customers", "--columns", "email,plan?:text,plan?")]
    [InlineData("customers", "--exclude-columns", "plan?")]
    [InlineData("customers", "--rename", "plan?=tier")]
    [InlineData("customers", "--unmask", "plan?,email")]
    [InlineData("campaign_actions", "--mask", "customer_identifiers.name?:redact")]
    [InlineData("customer_attributes", "--flatten", "plan?,country")]
    [InlineData("customer_attributes", "--mask", "attributes.phone:redact")]
    public async Task A_question_mark_says_that_records_may_lack_it_and_a_mask_may_be_for_other_tables(
        string table, string option, string words)
    {
        await using var bench = await IngestHarness.StartAsync(Options);
        await IngestAsync(bench, new SettingWords().Say("--source-table", table).Say(option, words));
        await IngestAsync(bench, new SettingWords().Say("--source-table", table).Say(option, words));
    }

    [Fact]
    public async Task A_name_that_only_the_destination_has_is_good()
    {
        await using var bench = await IngestHarness.StartAsync(Options);
        await bench.ChangeAsync("""{"op":"add-person","id":"a","attributes":{"ssn":"1","plan":"pro"}}""");
        var settings = new SettingWords().Say("--source-table", "customer_attributes").Say("--flatten", ["all"]);
        await IngestAsync(bench, settings);
        await IngestAsync(bench, settings.Say("--exclude-columns", "ssn").Say("--columns", "plan:text").Say("--mask", "attributes.ssn:redact"));
        await Assert.ThrowsAsync<SluiceException>(() => IngestAsync(bench, settings.Say("--exclude-columns", "sssn")));

        // A list of masks for all tables holds for a run of some.
        await IngestAsync(bench, new SettingWords().Say("--source-table", "campaigns").Say("--mask", "ssn:redact"));
    }

    [Fact]
    public async Task A_member_that_is_nearly_one_of_the_destination_is_refused()
    {
        await using var bench = await IngestHarness.StartAsync(Options);
        await bench.ChangeAsync("""{"op":"add-person","id":"a","attributes":{"telephone":"1","plan":"pro"}}""");
        var settings = new SettingWords().Say("--source-table", "customer_attributes").Say("--flatten", ["all"]);
        await IngestAsync(bench, settings);
        var error = await Assert.ThrowsAsync<SluiceException>(
            () => IngestAsync(bench, new SettingWords().Say("--source-table", "customer_attributes").Say("--mask", "attributes.telehpone:redact")));
        Assert.Contains("attributes.telephone", error.Hint, StringComparison.Ordinal);
        error = await Assert.ThrowsAsync<SluiceException>(
            () => IngestAsync(bench, new SettingWords().Say("--source-table", "customer_attributes").Say("--flatten", "telehpone")));
        Assert.Contains("--flatten names attributes.telehpone", error.Message, StringComparison.Ordinal);
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
}
