using System.Text.Json;
using Sluice.Simulator;
using Xunit;

namespace Sluice.Tests.Runs;

/// <summary>What the API of September 2026 says otherwise than the one before: tables hold the same whichever of the two answers.</summary>
public sealed class NewFormTests
{
    private static readonly SimulatorOptions World = new() { Customers = 60, RequestsPerSecond = 0, FreezeClock = true };

    [Theory]
    [InlineData("2026-09")]
    [InlineData("2026-08")]
    public async Task Campaigns_and_broadcasts_are_read_in_both_forms(string form)
    {
        await using var bench = await IngestHarness.StartAsync(World with { ApiForm = form });
        var report = await bench.IngestAsync("campaigns", "broadcasts", "broadcast_triggers");
        Assert.Equal(0, report.ExitCode);
        foreach (var table in new[] { "campaigns", "broadcasts", "broadcast_triggers" })
        {
            Truth.AssertEqual(bench, IngestHarness.Job(table), bench.Simulator.World.Rows(table));
        }
    }

    [Fact]
    public async Task A_campaign_without_its_deprecated_type_has_none()
    {
        await using var bench = await IngestHarness.StartAsync(World);
        await bench.IngestAsync("campaigns");
        Assert.Equal(2L, bench.Scalar("SELECT count(*) FROM customerio.campaigns WHERE type IS NULL"));
        Assert.Equal(10L, bench.Scalar("SELECT count(*) FROM customerio.campaigns WHERE type IS NOT NULL"));
    }

    [Fact]
    public async Task Tags_that_are_a_text_and_actions_that_are_torn_apart_are_kept_as_json()
    {
        await using var bench = await IngestHarness.StartAsync(World);
        var report = await bench.IngestAsync("broadcasts");
        Assert.Equal(0, report.Tables[0].Rejected);
        Assert.Equal("\"nil\"", bench.Scalar("SELECT tags::VARCHAR FROM customerio.broadcasts WHERE id = 15"));
        Assert.Equal("OBJECT", bench.Scalar("SELECT json_type(actions, '$[1]') FROM customerio.broadcasts WHERE id = 15"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Actions_of_broadcasts_are_read_by_pages_and_in_one_list(bool paged)
    {
        await using var bench = await IngestHarness.StartAsync(World with { PagesBroadcastActions = paged });
        var report = await bench.IngestAsync("broadcast_actions");
        Assert.Equal(0, report.ExitCode);
        Truth.AssertEqual(bench, IngestHarness.Job("broadcast_actions"), bench.Simulator.World.Rows("broadcast_actions"));
        Assert.Equal(23L, bench.Scalar("SELECT max(n) FROM (SELECT count(*) n FROM customerio.broadcast_actions GROUP BY broadcast_id)"));
    }

    [Theory]
    [InlineData("campaign_messages", "drafts=true", "campaign_id")]
    [InlineData("broadcast_messages", "state=drafted", "broadcast_id")]
    public async Task Drafts_of_campaigns_and_broadcasts_are_read_by_themselves(string table, string option, string parent)
    {
        await using var bench = await IngestHarness.StartAsync(World);
        var (kind, id) = parent == "campaign_id" ? ("campaign", 1) : ("broadcast", 13);
        await bench.ChangeAsync($$"""{"op":"add-messages","parent":"{{kind}}","id":{{id}},"draft":true,"count":3}""");
        var job = IngestHarness.JobWith(table, option);
        await bench.IngestAsync(bench.Request(job));
        Truth.AssertEqual(
            bench, job, bench.Simulator.World.Rows("message_drafts").Where(row => row.GetProperty(parent).ValueKind == JsonValueKind.Number));
        Assert.NotEqual(0L, bench.Scalar($"SELECT count(*) FROM customerio.{table}"));
    }

    [Fact]
    public async Task A_trigger_that_is_on_its_way_has_no_time_of_processing_yet()
    {
        await using var bench = await IngestHarness.StartAsync(World);
        using var http = new HttpClient { BaseAddress = bench.Simulator.BaseAddress };
        http.DefaultRequestHeaders.Add("Authorization", "Bearer sim-app-key");
        using var answer = await http.PostAsync("/v1/campaigns/13/triggers", null, TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode);
        await bench.IngestAsync("broadcast_triggers");
        const string Waiting = "SELECT count(*) FROM customerio.broadcast_triggers WHERE broadcast_id = 13 AND processed_at IS NULL";
        Assert.Equal(1L, bench.Scalar(Waiting));
        await bench.AdvanceAsync("1m");
        await bench.IngestAsync("broadcast_triggers");
        Assert.Equal(0L, bench.Scalar(Waiting));
    }
}
