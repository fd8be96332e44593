using System.Globalization;
using Sluice.Destinations;
using Sluice.Engine;
using Sluice.Engine.Runs;
using Sluice.Settings;
using Sluice.Simulator;
using Xunit;

namespace Sluice.Tests.Runs;

/// <summary>Reads metrics of campaigns and compares them with the world, day by day from the day on which a campaign was created.</summary>
internal static class MetricsBench
{
    public const string Table = "customerio.campaign_metrics_days";

    public static SimulatorOptions Small { get; } = new() { Customers = 80, Messages = 2000, RequestsPerSecond = 0, FreezeClock = true };

    public static void AssertEveryDay(IngestHarness bench, string zone = "America/Panama")
    {
        var here = TimeZoneInfo.FindSystemTimeZoneById(zone);
        var today = DayOf(bench.Simulator.World.Clock.GetUtcNow(), here);
        foreach (var campaign in bench.Simulator.World.Rows("campaigns"))
        {
            var (id, created) = (campaign.GetProperty("id").GetInt64(), campaign.GetProperty("created").GetInt64());
            var days = bench.Query($"SELECT epoch(period_start)::BIGINT, step_index FROM {Table} WHERE campaign_id = {id} ORDER BY 1");
            var first = DayOf(DateTimeOffset.FromUnixTimeSeconds(created), here);
            Assert.Equal(
                Enumerable.Range(0, today.DayNumber - first.DayNumber + 1).Select(first.AddDays),
                days.Select(row => DayOf(DateTimeOffset.FromUnixTimeSeconds(Number(row[0])), here)));
            Assert.Equal(Enumerable.Range(0, days.Count).Select(place => (long)place), days.Select(row => Number(row[1])));
        }

        foreach (var metric in (string[])["sent", "opened", "clicked", "converted", "bounced"])
        {
            Assert.Equal(Total(bench, metric, "campaign"), Number(bench.Scalar($"SELECT sum({metric})::BIGINT FROM {Table}")));
        }

        if (zone == "America/Panama")
        {
            MetricsTruth.AssertEqual(bench, IngestHarness.Job("campaign_metrics:days"));
        }
    }

    private static DateOnly DayOf(DateTimeOffset instant, TimeZoneInfo zone) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, zone).Date);

    public static IngestRequest Read(IngestHarness bench, Func<SettingWords, SettingWords> say)
    {
        var mistakes = new ValidationErrors();
        var request = IngestRequestReader.Read(say(new SettingWords().Say("--source-table", "campaign_metrics:days")), "test", mistakes);
        mistakes.ThrowIfAny();
        return request with { WorkFolder = bench.WorkFolder };
    }

    public static long Total(IngestHarness bench, string metric, string parent) =>
        bench.Simulator.World.Rows($"{parent}s".Replace("transactionals", "transactional_messages", StringComparison.Ordinal))
            .Sum(row => bench.Simulator.World.CountMetric(metric, parent, row.GetProperty("id").GetInt32(), null, 0, long.MaxValue));

    public static Task<RunReport> IngestAsync(IngestHarness bench, params string[] tables) =>
        IngestAsync(bench, bench.Request(IngestHarness.Jobs(tables)));

    public static async Task<RunReport> IngestAsync(IngestHarness bench, IngestRequest request)
    {
        var report = await bench.IngestAsync(request);
        Assert.True(report.ExitCode == 0, string.Join("; ", report.Tables.Select(table => $"{table.Error} {string.Join("; ", table.Gaps)}")));
        return report;
    }

    public static async Task<RunPlan> PlanAsync(IngestHarness bench, IngestRequest request, bool withDestination = false)
    {
        using var client = bench.Client();
        await using var destination = withDestination
            ? await DestinationRegistry.OpenAsync(bench.DestinationUri, TestContext.Current.CancellationToken)
            : null;
        return await Planner.PlanAsync(
            request, Workspace.Alone(request, client), destination, TimeProvider.System, TestContext.Current.CancellationToken);
    }

    public static long Number(object? value) => Convert.ToInt64(value, CultureInfo.InvariantCulture);
}
