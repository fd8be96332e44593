using Sluice.Destinations;
using Sluice.Engine.Audit;
using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;
using Sluice.Simulator;
using Sluice.Tests.Runs;
using Xunit;

namespace Sluice.Tests.Audit;

public sealed class AuditTests
{
    private static readonly SimulatorOptions World = new() { Customers = 60, RequestsPerSecond = 0, FreezeClock = true };

    [Fact]
    public async Task Every_table_is_equal_after_an_ingest()
    {
        await using var bench = await IngestHarness.StartAsync(World);
        var jobs = IngestHarness.AllJobs().Where(job => AuditRun.WhyNotAudited(job.Resource) is null).ToList();
        Assert.Equal(0, (await bench.IngestAsync(bench.Request(jobs))).ExitCode);
        var report = await AuditAsync(bench, bench.Request(jobs), repair: false);
        Assert.All(report.Tables, table => Assert.False(table.Differs, $"{table.Table}: {string.Join("; ", table.Examples)}"));
        Assert.Equal(0, report.ExitCode);
        Assert.Equal(World.Customers, report.Tables.Single(table => table.Source == "customers").AtCustomerIo);
    }

    [Theory]
    [InlineData("DELETE FROM customerio.campaigns WHERE id IN (3, 4)", 2, 0, 0, "3: missing")]
    [InlineData("UPDATE customerio.campaigns SET name = 'other' WHERE id = 5", 0, 0, 1, "5: stale: name")]
    [InlineData("INSERT INTO customerio.campaigns (id, name) VALUES (777, 'never was')", 0, 1, 0, "777: extra: Customer.io does not have it")]
    [InlineData("UPDATE customerio.campaigns SET _sluice_deleted_at = now() WHERE id = 6", 1, 0, 0, "6: marked as deleted, but Customer.io has it")]
    public async Task What_differs_is_counted_named_and_repaired(string damage, long missing, long extra, long stale, string example)
    {
        await using var bench = await IngestHarness.StartAsync(World);
        var request = bench.Request(IngestHarness.Jobs("campaigns", "segments"));
        await bench.IngestAsync(request);
        bench.Query(damage + "; SELECT 1");

        var found = await AuditAsync(bench, request, repair: false);
        Assert.Equal(ExitCode.Partial, found.ExitCode);
        Assert.Equal((missing, extra, stale), (found.Tables[0].Missing, found.Tables[0].Extra, found.Tables[0].Stale));
        Assert.Contains(example, found.Tables[0].Examples);
        Assert.False(found.Tables[1].Differs);

        var repaired = await AuditAsync(bench, request, repair: true);
        Assert.Equal(0, repaired.ExitCode);
        Assert.Equal(["customerio.campaigns"], repaired.Repair!.Tables.Select(table => table.Table));
        Assert.Equal(found.Requests + 1, repaired.Requests);
        Assert.False((await AuditAsync(bench, request, repair: false)).Tables[0].Differs);
    }

    [Fact]
    public async Task A_lost_delivery_is_found_and_only_within_the_interval()
    {
        await using var bench = await IngestHarness.StartAsync(World);
        var request = bench.Request(IngestHarness.Jobs("messages"));
        var first = await bench.IngestAsync(request);
        bench.Query("DELETE FROM customerio.messages WHERE id = (SELECT id FROM customerio.messages ORDER BY created DESC LIMIT 1); SELECT 1");
        bench.Query("DELETE FROM customerio.messages WHERE id = (SELECT id FROM customerio.messages ORDER BY created LIMIT 1); SELECT 1");
        var recent = request.WithSettings(settings => settings with { Interval = new Interval(first.Tables[0].Until!.Value.AddDays(-60), null) });
        Assert.Equal(1, (await AuditAsync(bench, recent, repair: false)).Tables[0].Missing);
        Assert.Equal(2, (await AuditAsync(bench, request, repair: true)).Tables[0].Missing);
        Truth.AssertEqual(bench, request.Tables[0], bench.Simulator.World.Rows("messages"));
    }

    [Fact]
    public async Task A_table_that_is_not_there_is_missing_as_a_whole()
    {
        await using var bench = await IngestHarness.StartAsync(World);
        await bench.IngestAsync("segments");
        var report = await AuditAsync(bench, bench.Request(IngestHarness.Jobs("campaigns")), repair: false);
        Assert.Equal((12L, 12L), (report.Tables[0].AtCustomerIo, report.Tables[0].Missing));
        Assert.Contains("no such table", report.Tables[0].Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_that_customerio_refuses_is_not_called_equal()
    {
        await using var bench = await IngestHarness.StartAsync(World);
        var request = bench.Request(IngestHarness.Jobs("campaigns", "segments"));
        await bench.IngestAsync(request);
        await bench.FaultsAsync("403@1/v1/segments");
        var report = await AuditAsync(bench, request, repair: true);
        Assert.True(report.Tables[1].Failed);
        Assert.Equal(ExitCode.Partial, report.ExitCode);
    }

    [Fact]
    public async Task An_audit_leaves_nothing_in_the_work_folder()
    {
        await using var bench = await IngestHarness.StartAsync(World);
        await bench.IngestAsync("campaigns");
        await AuditAsync(bench, bench.Request(IngestHarness.Jobs("campaigns")), repair: true);
        Assert.Empty(Directory.EnumerateFiles(bench.WorkFolder, "*.ndjson", SearchOption.AllDirectories));
    }

    private static async Task<AuditReport> AuditAsync(IngestHarness bench, IngestRequest request, bool repair)
    {
        var aside = bench.File + ".audit.duckdb";
        File.Delete(aside);
        using var client = bench.Client();
        await using var destination = await DestinationRegistry.OpenAsync(bench.DestinationUri, TestContext.Current.CancellationToken);
        await using var scratch = await DestinationRegistry.OpenAsync($"duckdb:///{aside}", TestContext.Current.CancellationToken);
        return await new AuditRun(request, client, destination, scratch, TimeProvider.System).RunAsync(repair, TestContext.Current.CancellationToken);
    }
}
