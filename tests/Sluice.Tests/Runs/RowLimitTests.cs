using Sluice.Engine.Extract;
using Sluice.Engine.Runs;
using Sluice.Simulator;
using Sluice.Tests.Spool;
using Xunit;

namespace Sluice.Tests.Runs;

/// <summary>A limit is there to save requests: partitions that are read side by side must not all read a page for it.</summary>
public sealed class RowLimitTests
{
    private static readonly SimulatorOptions World = new() { Customers = 100, Messages = 5_000, RequestsPerSecond = 0, FreezeClock = true };

    [Theory]
    [InlineData("messages")]
    [InlineData("campaign_actions")]
    [InlineData("campaign_metrics:days")]
    public async Task One_row_is_one_request_however_many_partitions_a_table_has(string table)
    {
        await using var bench = await IngestHarness.StartAsync(World);
        var report = await bench.IngestAsync(bench.Request(IngestHarness.Jobs(table)).WithSettings(settings => settings with { Limit = 1 }));
        Assert.Equal((0, 1L), (report.ExitCode, report.Tables[0].Requests));
    }

    [Theory]
    [InlineData(100, 1)]
    [InlineData(101, 2)]
    [InlineData(250, 3)]
    public async Task No_more_pages_are_read_than_the_rows_need(int limit, int pages)
    {
        await using var bench = await IngestHarness.StartAsync(World);
        using var spools = new SpoolBench();
        await using var spool = spools.Open();
        using var client = bench.Client();
        var resource = IngestHarness.Job("messages").Resource with { PageSize = 100 };
        var run = new SpooledExtraction(new Extraction(ExtractionKey.Of(resource, null), resource) { Limit = limit }, spool);
        await run.ReadAsync(new ExtractContext(client, 24), TestContext.Current.CancellationToken);
        Assert.True(spool.IsComplete);
        Assert.Equal((pages, pages), (run.Counters.Pages, run.Counters.Requests));
    }

    [Theory]
    [InlineData("customer_attributes")]
    [InlineData("customer_segments")]
    [InlineData("segment_memberships")]
    public async Task A_list_that_only_leads_to_a_limited_table_ends_with_it(string table)
    {
        await using var bench = await IngestHarness.StartAsync(World with { Customers = 20_000 });

        // By a budget, as Customer.io has it, list and table take turns; without one the list may be read while the table waits for a processor.
        var request = bench.Request(IngestHarness.Jobs(table)).WithSettings(settings => settings with { Limit = 10 });
        var report = await bench.IngestAsync(request, rate: 40);

        // The search alone would be twenty pages, and each of the people a request.
        Assert.Equal((0, 10L), (report.ExitCode, report.Tables[0].Rows));
        Assert.InRange(report.Requests, 2, 15);
    }

    [Fact]
    public async Task A_list_that_somebody_wants_is_read_to_its_end_whatever_the_limit_of_others()
    {
        await using var bench = await IngestHarness.StartAsync(World);
        var jobs = IngestHarness.Jobs("segments", "segment_memberships");
        var limited = jobs[1] with { Settings = jobs[1].Settings with { Limit = 1, IsOwn = true } };

        var report = await bench.IngestAsync(bench.Request(jobs[0], limited));

        Assert.Equal(0, report.ExitCode);
        Assert.True(report.Tables.Single(one => one.Source == "segments").Rows > 1);
        Assert.Equal(1, report.Tables.Single(one => one.Source == "segment_memberships").Rows);
    }

    [Fact]
    public async Task What_a_limited_run_has_left_of_a_list_is_not_taken_for_the_whole_of_it()
    {
        var limited = IngestHarness.Jobs("customer_attributes").Select(job => job with { Settings = job.Settings with { Limit = 10 } });
        var whole = IngestHarness.Jobs("customer_attributes");
        await using var bench = await IngestHarness.StartAsync(World);
        var now = DateTimeOffset.UnixEpoch;

        string Fingerprint(IEnumerable<TableJob> jobs) => ExtractionPlan.For(bench.Request([.. jobs]), StateSnapshot.None, now)
            .Extractions.Single(one => one.Resource.Name == "customers").Fingerprint;

        Assert.NotEqual(Fingerprint(limited), Fingerprint(whole));
    }

    [Theory]
    [InlineData("customer_attributes")]
    [InlineData("customer_segments")]
    [InlineData("messages")]
    public async Task A_dry_run_prices_the_limit(string table)
    {
        await using var bench = await IngestHarness.StartAsync(World with { Customers = 20_000 });
        using var client = bench.Client();
        var request = bench.Request(IngestHarness.Jobs(table)).WithSettings(settings => settings with { Limit = 10 });

        var plan = await Planner.PlanAsync(
            request, Workspace.Alone(request, client), null, TimeProvider.System, TestContext.Current.CancellationToken);

        Assert.InRange(plan.Requests, 2, 15);
    }
}
