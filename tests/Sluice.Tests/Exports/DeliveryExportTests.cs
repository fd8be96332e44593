using System.Globalization;
using System.Text.Json;
using Sluice.Engine;
using Sluice.Engine.Runs;
using Xunit;

namespace Sluice.Tests.Exports;

public sealed class DeliveryExportTests
{
    [Theory]
    [InlineData("campaign_id", "campaign_id")]
    [InlineData("newsletter_id", "newsletter_id")]
    [InlineData("action_id", "action_id")]
    public async Task All_of_a_kind_are_the_deliveries_of_messages(string option, string field)
    {
        await using var bench = await ExportBench.StartAsync(options => options with { Campaigns = 3, Newsletters = 4, ActionsPerCampaign = 4 });
        ExportBench.AssertDone(await bench.IngestAsync("deliveries_export", $"{option}=all"));
        var world = bench
            .World.Rows("messages")
            .Where(row => Id(row, field) != "NULL" && (option != "action_id" || Id(row, "campaign_id") != "NULL"))
            .Select(row => $"{ExportBench.Of(row, "id")}|{Id(row, field)}|{Id(row, "created")}|{Metric(row, "opened")}|{Metric(row, "bounced")}")
            .Order(StringComparer.Ordinal)
            .ToList();
        Assert.NotEmpty(world);
        Assert.Equal(world, bench.Rows($"delivery_id, {option}, created, opened, bounced", "deliveries_export"));
    }

    [Fact]
    public async Task Deliveries_of_transactional_messages_carry_its_id()
    {
        await using var bench = await ExportBench.StartAsync(options => options with { TransactionalMessages = 2 });
        ExportBench.AssertDone(await bench.IngestAsync("deliveries_export", "transactional_message_id=all"));
        var world = bench
            .World.Rows("transactional_deliveries")
            .Select(row => $"{ExportBench.Of(row, "id")}|{Id(row, "transactional_id")}")
            .Order(StringComparer.Ordinal)
            .ToList();
        Assert.NotEmpty(world);
        Assert.Equal(world, bench.Rows("delivery_id, transactional_message_id", "deliveries_export"));
    }

    [Fact]
    public async Task More_than_a_year_is_covered_by_windows_that_the_api_does_not_cut()
    {
        await using var bench = await ExportBench.StartAsync();
        ExportBench.AssertDone(await bench.IngestAsync("deliveries_export", "campaign_id=1", "start=2012-01-01"));
        Assert.True(bench.Posts > 12);
        Assert.All(bench.Bodies, body => Assert.InRange(Number(body, "end") - Number(body, "start"), 1, 361 * 86_400L));
        var world = bench.World.Rows("messages").Where(row => Id(row, "campaign_id") == "1").ToList();
        var times = world.Select(row => row.GetProperty("created").GetInt64()).ToList();
        Assert.True(times.Max() - times.Min() > 366 * 86_400L);
        Assert.Equal(world.Select(row => ExportBench.Of(row, "id")).Order(StringComparer.Ordinal), bench.Rows("delivery_id", "deliveries_export"));

        // An id and a start are enough: no list need be read.
        Assert.DoesNotContain("GET /v1/campaigns", bench.Requests);
    }

    [Fact]
    public async Task A_range_a_metric_and_attributes_are_sent()
    {
        await using var bench = await ExportBench.StartAsync();
        var end = bench.World.Rows("messages").Max(row => row.GetProperty("created").GetInt64());
        var from = DateTimeOffset.FromUnixTimeSeconds(end).AddDays(-40);
        var to = from.AddDays(20);
        ExportBench.AssertDone(
            await bench.IngestAsync(
                "deliveries_export",
                "campaign_id=1,2",
                $"start={from:yyyy-MM-dd'T'HH:mm:ss}",
                $"end={to:yyyy-MM-dd'T'HH:mm:ss}",
                "metric=sent",
                "drafts=true",
                "attributes=plan"));
        Assert.Equal(2, bench.Posts);
        Assert.All(
            bench.Bodies,
            body => Assert.Equal((from.ToUnixTimeSeconds() - 1, to.ToUnixTimeSeconds() + 1), (Number(body, "start"), Number(body, "end"))));
        Assert.All(bench.Bodies, body => Assert.Contains("\"metric\":\"sent\"", body, StringComparison.Ordinal));
        var rows = bench.Bench.Query("SELECT sent, plan FROM customerio.deliveries_export");
        Assert.NotEmpty(rows);
        Assert.All(rows, row => Assert.NotNull(row[0]));
        Assert.Contains(rows, row => row[1] is not null);
    }

    [Fact]
    public async Task An_incremental_run_asks_only_for_what_is_new()
    {
        await using var bench = await ExportBench.StartAsync(options => options with { Campaigns = 2 });
        ExportBench.AssertDone(await bench.IngestAsync("deliveries_export", "campaign_id=all"));
        bench.Bodies.Clear();
        ExportBench.AssertDone(await bench.IngestAsync("deliveries_export", "campaign_id=all"));
        Assert.NotEmpty(bench.Bodies);
        Assert.All(bench.Bodies, body => Assert.InRange(Number(body, "end") - Number(body, "start"), 1, 31 * 86_400L));
    }

    [Fact]
    public async Task An_id_that_nothing_has_is_an_error_and_not_an_empty_table()
    {
        await using var bench = await ExportBench.StartAsync();
        var table = (await bench.IngestAsync("deliveries_export", "newsletter_id=999999")).Tables[0];
        Assert.Equal((TableOutcome.Failed, SluiceErrorKind.Config), (table.Outcome, table.ErrorKind));
        Assert.Contains("newsletter_id 999999", table.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData("campaign_id=1", "newsletter_id=1")]
    [InlineData("campaign_id=all", "start=2025-02-01", "end=2025-01-01")]
    [InlineData("campaign_id=first")]
    [InlineData("campaign_id=1", "metric=loved")]
    public void Exactly_one_kind_is_named_and_the_range_goes_forward(params string[] options)
    {
        Assert.Equal(
            SluiceErrorKind.Config,
            Assert.Throws<SluiceException>(() => ExportBench.Read(ExportBench.Words("deliveries_export", options))).Kind);
    }

    [Fact]
    public async Task The_plan_shows_what_exports_cost()
    {
        await using var bench = await ExportBench.StartAsync(options => options with { Campaigns = 3 });
        var plan = await bench.PlanAsync(bench.Request("deliveries_export", "campaign_id=all"));
        Assert.Equal(0, bench.Posts);
        Assert.Contains("exports of at most 360 days", plan.Tables[0].How, StringComparison.Ordinal);
        bench.Requests.Clear();
        await bench.IngestAsync("deliveries_export", "campaign_id=all");
        var asked = bench.Requests.Count(request => request != "GET file");
        Assert.InRange(plan.Requests, asked * 0.8, asked * 2);
    }

    private static string Id(JsonElement row, string name) => ExportBench.Of(row, name);

    private static string Metric(JsonElement row, string name) => ExportBench.Of(row.GetProperty("metrics"), name);

    private static long Number(string body, string name)
    {
        using var document = JsonDocument.Parse(body);
        return long.Parse(document.RootElement.GetProperty(name).ToString(), CultureInfo.InvariantCulture);
    }
}
