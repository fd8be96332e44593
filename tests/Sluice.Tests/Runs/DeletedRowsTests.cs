using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;
using Sluice.Simulator;
using Xunit;

namespace Sluice.Tests.Runs;

public sealed class DeletedRowsTests
{
    private static readonly SimulatorOptions World = new() { Customers = 120, RequestsPerSecond = 0, FreezeClock = true };

    [Theory]
    [InlineData(Strategy.Merge)]
    [InlineData(Strategy.Append)]
    [InlineData(Strategy.Replace)]
    public async Task A_row_that_is_gone_is_marked_and_stays(Strategy strategy)
    {
        await using var bench = await IngestHarness.StartAsync(World);
        var request = bench.Request([IngestHarness.Job("campaigns") with { Strategy = strategy }]);
        await bench.IngestAsync(request);
        var before = (long)bench.Scalar("SELECT count(*) FROM customerio.campaigns")!;
        await bench.ChangeAsync("""{"op":"delete-campaign","id":4}""");
        var report = await bench.IngestAsync(request);
        Assert.Equal(1, report.Tables[0].Deleted);
        Assert.Equal(before - 1, report.Tables[0].TableRows);
        Assert.Equal(before, bench.Scalar("SELECT count(*) FROM customerio.campaigns"));
        Assert.Equal(4L, bench.Scalar("SELECT id FROM customerio.campaigns WHERE _sluice_deleted_at IS NOT NULL"));

        // A second look at the same world must not move the mark.
        var at = bench.Scalar("SELECT _sluice_deleted_at FROM customerio.campaigns WHERE id = 4");
        Assert.Equal(0, (await bench.IngestAsync(request)).Tables[0].Deleted);
        Assert.Equal(at, bench.Scalar("SELECT _sluice_deleted_at FROM customerio.campaigns WHERE id = 4"));
    }

    [Theory]
    [InlineData(Strategy.Merge)]
    [InlineData(Strategy.Replace)]
    public async Task A_row_that_comes_back_loses_its_mark(Strategy strategy)
    {
        await using var bench = await IngestHarness.StartAsync(World);
        var request = bench.Request([IngestHarness.Job("campaigns") with { Strategy = strategy }]);
        await bench.IngestAsync(request);
        bench.Query("UPDATE customerio.campaigns SET _sluice_deleted_at = now() WHERE id IN (5, 6); SELECT 1");
        var report = await bench.IngestAsync(request);
        Assert.Equal(2, report.Tables[0].Returned);
        Assert.Equal(0L, bench.Scalar("SELECT count(*) FROM customerio.campaigns WHERE _sluice_deleted_at IS NOT NULL"));
        Truth.AssertEqual(bench, request.Tables[0], bench.Simulator.World.Rows("campaigns"));
    }

    [Fact]
    public async Task Hard_removes_them_and_ignore_leaves_them()
    {
        await using var bench = await IngestHarness.StartAsync(World);
        var request = bench.Request(IngestHarness.Jobs("campaigns"));
        await bench.IngestAsync(request);
        await bench.ChangeAsync("""{"op":"delete-campaign","id":4}""");
        await bench.IngestAsync(request.WithSettings(settings => settings with { Deletes = DeletePolicy.Ignore }));
        Assert.Equal(1L, bench.Scalar("SELECT count(*) FROM customerio.campaigns WHERE id = 4 AND _sluice_deleted_at IS NULL"));
        Assert.Equal(1, (await bench.IngestAsync(request.WithSettings(settings => settings with { Deletes = DeletePolicy.Hard }))).Tables[0].Deleted);
        Assert.Equal(0L, bench.Scalar("SELECT count(*) FROM customerio.campaigns WHERE id = 4"));
    }

    [Fact]
    public async Task People_who_were_deleted_are_marked_in_the_tables_of_people()
    {
        await using var bench = await IngestHarness.StartAsync(World);
        await bench.IngestAsync("customers", "customer_attributes");
        var gone = (string)bench.Scalar("SELECT cio_id FROM customerio.customers ORDER BY cio_id LIMIT 1")!;
        await bench.ChangeAsync($$"""{"op":"delete-person","cio_id":"{{gone}}"}""");
        var report = await bench.IngestAsync("customers", "customer_attributes");
        Assert.Equal(0, report.ExitCode);
        Assert.Equal([1L, 1L], report.Tables.Select(table => table.Deleted));
        Assert.Equal(gone, bench.Scalar("SELECT cio_id FROM customerio.customers WHERE _sluice_deleted_at IS NOT NULL"));
        Assert.Equal(gone, bench.Scalar("SELECT customer_id FROM customerio.customer_attributes WHERE _sluice_deleted_at IS NOT NULL"));
    }

    [Fact]
    public async Task Nothing_is_marked_after_a_read_that_skipped_a_parent()
    {
        await using var bench = await IngestHarness.StartAsync(World);
        await bench.IngestAsync("campaign_actions");
        await bench.FaultsAsync("404#1/v1/campaigns/3/actions");
        var report = await bench.IngestAsync("campaign_actions");
        Assert.Equal(ExitCode.Partial, report.ExitCode);
        Assert.Equal(0, report.Tables[0].Deleted);
        Assert.Equal(0L, bench.Scalar("SELECT count(*) FROM customerio.campaign_actions WHERE _sluice_deleted_at IS NOT NULL"));
    }

    [Fact]
    public async Task A_replaced_table_keeps_the_rows_that_a_short_read_did_not_bring()
    {
        await using var bench = await IngestHarness.StartAsync(World);
        await bench.IngestAsync("customers");
        await bench.FaultsAsync("drop-rows:3#1/v1/customers");
        var report = await bench.IngestAsync("customers");
        Assert.Equal((ExitCode.Partial, 0L, 120L), (report.ExitCode, report.Tables[0].Deleted, report.Tables[0].TableRows));
        Truth.AssertEqual(bench, IngestHarness.Job("customers"), bench.Simulator.World.Rows("customers"));
    }

    [Fact]
    public async Task Nothing_is_marked_by_a_limited_run_or_an_interval()
    {
        await using var bench = await IngestHarness.StartAsync(World);
        var request = bench.Request(IngestHarness.Jobs("campaigns"));
        var first = await bench.IngestAsync(request);
        await bench.IngestAsync(request.WithSettings(settings => settings with { Limit = 2 }));
        await bench.IngestAsync(
            request.WithSettings(settings => settings with { Interval = new Interval(first.Tables[0].Until!.Value.AddMinutes(-1), null) }));
        Assert.Equal(0L, bench.Scalar("SELECT count(*) FROM customerio.campaigns WHERE _sluice_deleted_at IS NOT NULL"));
    }

    [Fact]
    public async Task Deliveries_and_activities_are_never_marked_because_their_lists_forget()
    {
        await using var bench = await IngestHarness.StartAsync(World);
        await bench.IngestAsync("messages", "activities");
        Assert.Empty(
            bench.Query(
                "SELECT column_name FROM duckdb_columns() WHERE column_name = '_sluice_deleted_at' AND table_name IN ('messages', 'activities')"));
    }
}
