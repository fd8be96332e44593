using Sluice.Engine.Runs;
using Sluice.Simulator;
using Xunit;

namespace Sluice.Tests.Runs;

public sealed class CountedListTests
{
    private static readonly SimulatorOptions World = new() { Customers = 250, RequestsPerSecond = 0, FreezeClock = true };

    [Fact]
    public async Task Members_are_checked_against_the_number_that_each_segment_gives()
    {
        await using var bench = await IngestHarness.StartAsync(World);
        var report = await bench.IngestAsync("segment_memberships");
        Assert.Equal(0, report.ExitCode);
        Assert.Equal(bench.Simulator.World.Rows("segment_memberships").Count(), report.Tables[0].Expected);
        Assert.Equal("GET /v1/segments/{segment_id}/customer_count", report.Tables[0].ExpectedBy);
        Assert.Equal(
            [report.Tables[0].Fetched, report.Tables[0].Expected],
            bench.Query("SELECT fetched, expected FROM customerio._sluice_ledger WHERE table_name = 'segment_memberships'")[0]);
    }

    [Fact]
    public async Task A_segment_that_lacks_members_is_named_and_makes_the_run_partial()
    {
        await using var bench = await IngestHarness.StartAsync(World with { Faults = ["drop-rows:3#1/v1/segments/2/membership"] });
        var report = await bench.IngestAsync("segment_memberships");
        Assert.Equal(ExitCode.Partial, report.ExitCode);
        var gap = Assert.Single(report.Tables[0].Gaps);
        Assert.Contains(
            "1 lists are short by GET /v1/segments/{segment_id}/customer_count: segments 2 has 125 of which 122 came", gap, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doubles_of_one_segment_do_not_hide_what_another_lacks()
    {
        await using var bench = await IngestHarness.StartAsync(
            World with
            {
                Faults = ["drop-rows:1#1/v1/segments/2/membership", "duplicate-rows#1/v1/segments/1/membership"],
            });
        var report = await bench.IngestAsync("segment_memberships");
        Assert.Equal(report.Tables[0].Expected, report.Tables[0].Fetched);
        Assert.Equal(ExitCode.Partial, report.ExitCode);
        Assert.Contains("segments 2 has", Assert.Single(report.Tables[0].Gaps), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_numbers_of_a_run_that_was_stopped_are_remembered()
    {
        await using var bench = await IngestHarness.StartAsync(World with { Faults = ["400@1/v1/segments/7/membership"] });
        var request = bench.Request(IngestHarness.Jobs("segment_memberships"));
        Assert.NotEqual(0, (await bench.IngestAsync(request)).ExitCode);
        await bench.FaultsAsync();
        var report = await bench.IngestAsync(request);
        Assert.Equal(0, report.ExitCode);
        Assert.True(report.Tables[0].Resumed);
        Assert.Equal(report.Tables[0].Fetched, report.Tables[0].Expected);
    }

    [Fact]
    public async Task A_segment_that_is_gone_is_left_out_and_named()
    {
        await using var bench = await IngestHarness.StartAsync(World with { Faults = ["404@1/v1/segments/3/customer_count"] });
        var report = await bench.IngestAsync("segment_memberships");
        Assert.Equal(ExitCode.Partial, report.ExitCode);
        Assert.Contains("segments 3 is gone", Assert.Single(report.Tables[0].Skipped), StringComparison.Ordinal);
        Assert.True(report.Tables[0].Rows > 0);
    }

    [Fact]
    public async Task Rows_of_collections_are_checked_against_what_the_collection_says()
    {
        await using var bench = await IngestHarness.StartAsync(World);
        var report = await bench.IngestAsync("collection_rows");
        Assert.Equal(0, report.ExitCode);
        Assert.Equal((6L, "collections.rows"), (report.Tables[0].Expected, report.Tables[0].ExpectedBy));
    }

    [Fact]
    public async Task A_list_by_offset_that_gives_less_than_was_asked_for_is_read_to_its_end()
    {
        await using var bench = await IngestHarness.StartAsync(World with { Faults = ["drop-rows:200#1/v1/esp/suppression/bounces"] });
        var report = await bench.IngestAsync("esp_suppressions");
        Assert.Equal(0, report.ExitCode);
        Truth.AssertEqual(bench, IngestHarness.Job("esp_suppressions"), bench.Simulator.World.Rows("esp_suppressions"));
    }
}
