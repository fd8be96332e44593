using Sluice.Engine.Runs;
using Sluice.Simulator;
using Xunit;

namespace Sluice.Tests.Runs;

public sealed class PlanTests
{
    private static readonly string[] Campaigns =
    [
        "campaigns",
        "campaign_actions",
        "campaign_metrics:days",
        "campaign_action_metrics:days",
        "campaign_link_metrics:days",
        "campaign_action_link_metrics:days",
    ];

    [Theory]
    [InlineData(60, 10)]
    [InlineData(20, 23)]
    [InlineData(13, null)]
    public async Task Campaigns_with_metrics_and_links_cost_what_the_plan_says(int campaigns, int? actions)
    {
        await using var bench = await IngestHarness.StartAsync(new SimulatorOptions
        {
            Customers = 20,
            Messages = 50,
            RequestsPerSecond = 0,
            FreezeClock = true,
            Campaigns = campaigns,
            ActionsOfEachCampaign = actions,
        });
        await AssertWithinFivePercentAsync(bench, bench.Request(IngestHarness.Jobs(Campaigns)));
    }

    [Fact]
    public async Task All_tables_cost_what_the_plan_says()
    {
        await using var bench = await IngestHarness.StartAsync(new SimulatorOptions { Customers = 200, RequestsPerSecond = 0, FreezeClock = true });
        await AssertWithinFivePercentAsync(bench, bench.Request(IngestHarness.AllJobs()));
    }

    [Fact]
    public async Task Few_people_who_match_a_filter_are_known_before_they_are_asked_for()
    {
        await using var bench = await IngestHarness.StartAsync(new SimulatorOptions { Customers = 400, RequestsPerSecond = 0, FreezeClock = true });
        var request = bench.Request(IngestHarness.JobWith("customer_segments", """filter={"segment":{"id":3}}"""));
        var plan = await AssertWithinFivePercentAsync(bench, request);
        Assert.InRange(plan.Requests, 2, 100);
        Assert.Contains("people match", plan.Tables[0].Basis, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_channels_cost_a_request_each()
    {
        await using var bench = await IngestHarness.StartAsync(
            new SimulatorOptions
            {
                Customers = 40,
                RequestsPerSecond = 0,
                FreezeClock = true,
            });
        await AssertWithinFivePercentAsync(
            bench,
            bench.Request(IngestHarness.JobWith("activities", "type=event,page,screen"), IngestHarness.JobWith("esp_suppressions", "type=bounces")));
    }

    private static async Task<RunPlan> AssertWithinFivePercentAsync(IngestHarness bench, IngestRequest request)
    {
        RunPlan plan;
        using (var client = bench.Client())
        {
            plan = await Planner.PlanAsync(
                request, Workspace.Alone(request, client), null, TimeProvider.System, TestContext.Current.CancellationToken);
        }

        var report = await bench.IngestAsync(request);
        Assert.Equal(0, report.ExitCode);
        var byTable = plan
            .Tables.Zip(report.Tables)
            .Where(pair => pair.First.Requests != pair.Second.Requests)
            .Select(pair => $"{pair.First.Source}: {pair.First.Requests} for {pair.Second.Requests}");
        Assert.True(
            Math.Abs(plan.Requests - report.Requests) <= 0.05 * report.Requests,
            $"{plan.Requests} planned, {report.Requests} used; {string.Join("; ", byTable)}");
        return plan;
    }
}
