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
}
