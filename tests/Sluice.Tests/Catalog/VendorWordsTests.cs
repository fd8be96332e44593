using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Settings;
using Sluice.Simulator;
using Sluice.Tests.Cli;
using Xunit;

namespace Sluice.Tests.Catalog;

/// <summary>Customer.io calls things by new words; tables are found by them wherever a table is named.</summary>
public sealed class VendorWordsTests
{
    [Theory]
    [InlineData("automations", "campaigns")]
    [InlineData("Automation_Actions", "campaign_actions")]
    [InlineData("automation_messages", "campaign_messages")]
    [InlineData("automation_action_metrics:days", "campaign_action_metrics:days")]
    [InlineData("one_time_sends", "newsletters")]
    [InlineData("one_time_send_messages", "newsletter_messages")]
    [InlineData("one_time_send_variants", "newsletter_contents")]
    [InlineData("newsletter_variants", "newsletter_contents")]
    [InlineData("one_time_send_variant_metrics:weeks", "newsletter_content_metrics:weeks")]
    [InlineData("transactional_variants", "transactional_contents")]
    public void A_table_is_found_by_the_word_that_is_used_today(string name, string found) =>
        Assert.Equal(found, TableName.Parse(name, ResourceCatalog.Default).ToString());

    [Fact]
    public void No_two_tables_have_a_name_in_common() =>
        Assert.All(
            ResourceCatalog.Default.Resources,
            resource => Assert.All(resource.Aliases.Prepend(resource.Name), name => Assert.Same(resource, ResourceCatalog.Default.Find(name))));

    [Fact]
    public void A_table_that_is_named_by_both_words_is_read_once()
    {
        var mistakes = new ValidationErrors();
        var tables = TableList.Read("automations,one_time_sends,campaigns", mistakes);
        Assert.Equal(["campaigns", "newsletters"], tables.Select(table => table.ToString()));
        mistakes.ThrowIfAny();
    }

    [Fact]
    public async Task Tables_names_both_words_in_the_list_and_for_one_table()
    {
        var tool = new ToolHarness();
        Assert.Contains("automation for campaign, one-time send for newsletter and variant for content", (await tool.RunAsync("tables")).Out);
        var (code, one, _) = await tool.RunAsync("tables", "one_time_send_variants");
        Assert.Equal(0, code);
        Assert.StartsWith("newsletter_contents\n", one);
        Assert.Contains("one_time_send_variants", one);
        Assert.Contains("now also called an automation", (await tool.RunAsync("tables", "automations")).Out);
    }

    [Fact]
    public async Task Every_command_that_takes_a_table_takes_todays_word()
    {
        await using var simulator = await SimulatorServer.StartAsync(
            new SimulatorOptions { Customers = 10, RequestsPerSecond = 0 }, TestContext.Current.CancellationToken);
        var folder = Directory.CreateTempSubdirectory("sluice-words-").FullName;
        var environment = new Dictionary<string, string>
        {
            ["CUSTOMERIO_APP_API_KEY"] = "sim-app-key",
            ["CUSTOMERIO_BASE_URL"] = simulator.BaseAddress.ToString(),
            ["SLUICE_DEST_URI"] = "duckdb:///crm.duckdb",
        };
        await File.WriteAllTextAsync(Path.Combine(folder, "sluice.yaml"), """
            version: 1
            workspaces: {main: {app_api_key: "${CUSTOMERIO_APP_API_KEY}", base_url: "${CUSTOMERIO_BASE_URL}"}}
            destinations: {file: "duckdb:///run.duckdb"}
            syncs: {all: {tables: [one_time_sends, {automation_messages: {options: {drafts: true}}}]}}
            """);
        var tool = new ToolHarness(environment) { Folder = folder };
        await DoneAsync("\ncampaigns ", "ingest", "--source-table", "automations,automation_actions");
        await DoneAsync("campaign_actions", "ingest", "--source-table", "automation_actions", "--where", "automations.created >= 2020-01-01");
        await DoneAsync("campaign_messages", "ingest", "--source-table", "automation_messages", "--option", "automation_messages.drafts=true");
        await DoneAsync("customerio.campaigns", "audit", "crm.duckdb", "automations");
        await DoneAsync("campaigns", "state", "show", "crm.duckdb", "automations");
        await DoneAsync("campaigns was read until", "state", "set", "crm.duckdb", "automations", "2026-01-01");
        await DoneAsync("1 table forgotten", "state", "reset", "crm.duckdb", "Automations");
        await DoneAsync("campaigns", "ddl", "--dialect", "snowflake", "automations");
        await DoneAsync("newsletters", "run");
        Directory.Delete(folder, recursive: true);

        async Task DoneAsync(string expected, params string[] arguments)
        {
            var (code, output, error) = await tool.RunAsync(arguments);
            Assert.True(code == 0, $"sluice {string.Join(' ', arguments)}: {code} {error}");
            Assert.Contains(expected, output + error);
        }
    }
}
