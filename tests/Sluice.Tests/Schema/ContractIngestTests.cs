using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;
using Sluice.Simulator;
using Sluice.Tests.Runs;
using Xunit;

namespace Sluice.Tests.Schema;

public sealed class ContractIngestTests
{
    private const string Brand = """{"a":1,"b":["x"]}""";

    [Fact]
    public async Task Evolve_adds_a_column_once_and_tells_it()
    {
        await using var bench = await StartAsync("unknown-field/v1/segments");
        var first = await IngestAsync(bench, SchemaContract.Evolve);
        Assert.Equal((0, "brand_new_field"), (first.ExitCode, Assert.Single(first.Tables[0].SchemaChanges).Column));
        var second = await IngestAsync(bench, SchemaContract.Evolve);
        Assert.Empty(second.Tables[0].SchemaChanges);
        Assert.Equal([Brand], Values(bench, "brand_new_field"));
    }

    [Fact]
    public async Task Json_keeps_the_field_in_one_column_and_tells_it_once()
    {
        await using var bench = await StartAsync("unknown-field/v1/segments");
        var first = await IngestAsync(bench, SchemaContract.Json);
        Assert.Equal((0, "_extra"), (first.ExitCode, Assert.Single(first.Tables[0].SchemaChanges).Column));
        Assert.Empty((await IngestAsync(bench, SchemaContract.Json)).Tables[0].SchemaChanges);
        Assert.Equal([$"{{\"brand_new_field\":{Brand}}}"], Values(bench, "_extra"));
    }

    [Fact]
    public async Task Freeze_fails_the_table_and_leaves_it_as_it_was()
    {
        await using var bench = await StartAsync();
        Assert.Equal(0, (await IngestAsync(bench, SchemaContract.Freeze)).ExitCode);
        var before = bench.Query("SELECT * FROM customerio.segments ORDER BY id");
        await FaultAsync(bench, "unknown-field/v1/segments");
        var report = await IngestAsync(bench, SchemaContract.Freeze);
        Assert.Equal((ExitCode.Partial, SluiceErrorKind.Schema), (report.ExitCode, report.Tables[0].ErrorKind));
        Assert.Contains("brand_new_field", report.Tables[0].Error, StringComparison.Ordinal);
        Assert.Equal(before, bench.Query("SELECT * FROM customerio.segments ORDER BY id"));

        // What was fetched for the table that failed is loaded by the run that allows it.
        Assert.Equal(0, (await IngestAsync(bench, SchemaContract.Evolve)).ExitCode);
        Assert.Equal(0, (await IngestAsync(bench, SchemaContract.Freeze)).ExitCode);
        Assert.Equal([Brand], Values(bench, "brand_new_field"));
    }

    [Theory]
    [InlineData(SchemaContract.Evolve)]
    [InlineData(SchemaContract.Json)]
    [InlineData(SchemaContract.Freeze)]
    public async Task A_catalog_column_with_values_of_another_type_rejects_them_under_every_contract(SchemaContract contract)
    {
        await using var bench = await StartAsync("changed-type:progress/v1/segments");
        var sent = bench.Simulator.World.Rows("segments").Count(row => row.TryGetProperty("progress", out _));
        Assert.True(sent > 0);
        var report = await IngestAsync(bench, contract);
        Assert.Equal(ExitCode.Partial, report.ExitCode);
        Assert.Equal(sent, report.Tables[0].Rejected);
        Assert.Equal(
            [
                [(long)sent, true],
            ],
            bench.Query("SELECT count(*), bool_and(raw_value LIKE '{\"was\":%') FROM customerio._sluice_rejects WHERE column_name = 'progress'"));
    }

    private static Task<IngestHarness> StartAsync(params string[] faults) =>
        IngestHarness.StartAsync(new SimulatorOptions { Customers = 40, RequestsPerSecond = 0, FreezeClock = true, Faults = faults });

    private static async Task FaultAsync(IngestHarness bench, string fault)
    {
        using var http = new HttpClient { BaseAddress = bench.Simulator.BaseAddress };
        var answer = await http.PostAsync(new Uri("/_sim/faults", UriKind.Relative), new StringContent($"{{\"faults\":[\"{fault}\"]}}"));
        answer.EnsureSuccessStatusCode();
    }

    private static Task<RunReport> IngestAsync(IngestHarness bench, SchemaContract contract) =>
        bench.IngestAsync(bench.Request(IngestHarness.Jobs("segments")).WithSettings(settings => settings with { Contract = contract }));

    private static IEnumerable<object?> Values(IngestHarness bench, string column) =>
        bench.Query($"SELECT DISTINCT {column}::VARCHAR FROM customerio.segments").Select(row => row[0]);
}
