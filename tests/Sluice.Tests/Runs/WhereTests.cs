using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;
using Sluice.Settings;
using Sluice.Simulator;
using Xunit;

namespace Sluice.Tests.Runs;

public class WhereTests
{
    private static readonly SimulatorOptions Options = new() { Customers = 80, RequestsPerSecond = 0 };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("newsletter_metrics:days", "newsletter_id in (3, 5)", "newsletter_id")]
    [InlineData("campaign_actions", "campaign_id = 4", "campaign_id")]
    [InlineData("campaign_action_metrics:days", "campaign_id in (2,3)", "campaign_id")]
    public async Task Only_the_named_parents_are_asked_and_their_rows_are_those_of_a_whole_read(string table, string where, string column)
    {
        await using var whole = await IngestHarness.StartAsync(Options);
        var all = await IngestAsync(whole, table, null);
        await using var part = await IngestHarness.StartAsync(Options);
        var some = await IngestAsync(part, table, where);
        var name = TableName.Parse(table, ResourceCatalog.Default).TableIdentifier;
        var condition = where.Contains(" = ", StringComparison.Ordinal) ? where : where.Replace("newsletter_id", column, StringComparison.Ordinal);
        Assert.Equal(
            whole.Scalar($"SELECT count(*) FROM customerio.{name} WHERE {condition}"), part.Scalar($"SELECT count(*) FROM customerio.{name}"));
        Assert.NotEqual(0L, part.Scalar($"SELECT count(*) FROM customerio.{name}"));
        Assert.True(some.Requests < all.Requests, $"{some.Requests} of {all.Requests}");
    }

    [Fact]
    public async Task Parents_of_a_range_of_time_are_chosen_by_a_column_of_theirs()
    {
        await using var bench = await IngestHarness.StartAsync(Options);
        await IngestAsync(bench, "newsletters", null);
        var middle = (DateTimeOffset)bench.Scalar("SELECT CAST(quantile_disc(created, 0.5) AS TIMESTAMPTZ) FROM customerio.newsletters")!;
        await IngestAsync(bench, "newsletter_test_groups", $"newsletters.created >= '{middle.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}'");
        Assert.Equal(
            0L,
            bench.Scalar(
                "SELECT count(*) FROM customerio.newsletter_test_groups g JOIN customerio.newsletters n ON n.id = g.newsletter_id WHERE " +
                    "n.created < (SELECT quantile_disc(created, 0.5) FROM customerio.newsletters)"
            ));
        Assert.NotEqual(0L, bench.Scalar("SELECT count(*) FROM customerio.newsletter_test_groups"));
    }

    [Fact]
    public async Task People_who_are_named_are_asked_without_listing_everybody()
    {
        await using var bench = await IngestHarness.StartAsync(Options);
        await IngestAsync(bench, "customers", null);
        var people = bench.Query("SELECT cio_id FROM customerio.customers ORDER BY cio_id LIMIT 2").Select(row => $"'{row[0]}'").ToList();
        var report = await IngestAsync(
            bench, "customer_attributes,customer_relationships,customer_activities", $"cio_id in ({string.Join(", ", people)})");
        Assert.Equal(2L, bench.Scalar("SELECT count(*) FROM customerio.customer_attributes"));
        Assert.Empty(bench.Query("SELECT DISTINCT cio_id FROM customerio.customer_activities").Select(row => $"'{row[0]}'").Except(people));
        Assert.True(report.Requests <= 8, $"{report.Requests} requests");
    }

    [Fact]
    public async Task The_plan_says_how_many_requests_a_condition_saves()
    {
        await using var bench = await IngestHarness.StartAsync(Options);
        using var client = bench.Client();
        var request = Read(bench, "newsletter_metrics:days", "newsletter_id in (3, 5)");
        var plan = await Planner.PlanAsync(request, Workspace.Alone(request, client), null, TimeProvider.System, Cancel);
        var table = Assert.Single(plan.Tables);
        Assert.Equal((2L, Options.Newsletters - 2L), (table.Requests, table.Saved));
    }

    [Theory]
    [InlineData("campaigns", "id in (1)", "filter in the destination")]
    [InlineData("messages", "created >= 2026-01-01", "--interval-start")]
    [InlineData("campaign_actions", "nonsense in (1)", "campaign_id")]
    [InlineData("campaign_actions", "campaign_id in 1", "Write it as")]
    [InlineData("campaign_actions", "campaign_id in (1) or campaign_id in (2)", "Write it as")]
    [InlineData("campaign_actions", "campaigns.created >= yesterday", "Write it as")]
    public void A_condition_that_saves_nothing_or_can_not_be_read_is_a_mistake(string table, string where, string hint)
    {
        var mistakes = new ValidationErrors();
        IngestRequestReader.Read(new SettingWords().Say("--source-table", table).Say("--where", where), "x", mistakes);
        Assert.Contains(hint, Assert.Throws<Engine.SluiceException>(mistakes.ThrowIfAny).Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_that_the_list_of_one_person_does_not_take_are_a_mistake()
    {
        var mistakes = new ValidationErrors();
        var settings = new SettingWords()
            .Say("--source-table", "customer_messages")
            .Say("--where", "cio_id in ('a')")
            .Say("--option", "type=email");
        IngestRequestReader.Read(settings, "x", mistakes);
        Assert.Contains("single people", Assert.Throws<Engine.SluiceException>(mistakes.ThrowIfAny).Message, StringComparison.Ordinal);
    }

    private static async Task<RunReport> IngestAsync(IngestHarness bench, string tables, string? where)
    {
        var report = await bench.IngestAsync(Read(bench, tables, where));
        Assert.Equal(ExitCode.Done, report.ExitCode);
        return report;
    }

    private static IngestRequest Read(IngestHarness bench, string tables, string? where)
    {
        var mistakes = new ValidationErrors();
        var words = new SettingWords().Say("--source-table", tables).Say("--where", where ?? "");
        var request = IngestRequestReader.Read(words, "test", mistakes) with { WorkFolder = bench.WorkFolder };
        mistakes.ThrowIfAny();
        return request;
    }
}
