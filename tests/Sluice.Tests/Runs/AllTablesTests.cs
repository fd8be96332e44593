using System.Globalization;
using System.Text.Json;
using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;
using Sluice.Simulator;
using Xunit;

namespace Sluice.Tests.Runs;

public sealed class AllTablesTests
{
    private static readonly string[] SomeFail = ["500@0.01", "reset@0.01", "cut-body@0.005", "429@0.005"];

    [Theory]
    [InlineData(1, 150, false, Traits = ["length", "long"])]
    [InlineData(2, 60, true)]
    [InlineData(3, 150, true, Traits = ["length", "long"])]
    public async Task Every_table_equals_the_world_row_for_row(int seed, int customers, bool withFailures)
    {
        await using var bench = await IngestHarness.StartAsync(new SimulatorOptions
        {
            Seed = seed,
            Customers = customers,
            RequestsPerSecond = 0,
            FreezeClock = true,
            Faults = withFailures ? SomeFail : [],
        });
        var jobs = IngestHarness.AllJobs();
        var report = await bench.IngestAsync(bench.Request(jobs));
        Assert.Equal(jobs.Select(job => job.Source.ToString()), report.Tables.Select(table => table.Source));
        Assert.All(
            report.Tables,
            table => Assert.True(table.Outcome == TableOutcome.Done, $"{table.Source}: {table.Error} {string.Join("; ", table.Notes)}"));
        Assert.Equal(0, report.ExitCode);
        foreach (var job in jobs)
        {
            Check(bench, job);
        }
    }

    private static void Check(IngestHarness bench, TableJob job)
    {
        switch (job.Resource)
        {
            case { SeriesOf: "link" }:
                LinkTruth.AssertEqual(bench, job);
                break;
            case { Metrics: MetricsStyle.Resolution }:
                JourneyTruth.AssertEqual(bench, job);
                break;
            case { TakesPeriod: true }:
                MetricsTruth.AssertEqual(bench, job);
                break;
            case { Name: "workspaces" }:
                Assert.Equal(
                    bench.Options.Customers,
                    Convert.ToInt64(bench.Query("SELECT max(people) FROM customerio.workspaces")[0][0], CultureInfo.InvariantCulture));
                break;
            case { Name: "info_ip_addresses" }:
                Assert.NotEmpty(bench.Query("SELECT ip FROM customerio.info_ip_addresses WHERE ip LIKE '%.%.%.%'"));
                break;
            case { Name: "reporting_webhooks" }:
                Truth.AssertEqual(bench, job, bench.Simulator.World.Rows(job.Resource.Name).Select(WithoutSecrets));
                break;
            case { SharedWith: { } shared }:
                Truth.AssertEqual(bench, job, bench.Simulator.World.Rows(shared).Where(HasPerson));
                break;
            case { Name: "customer_relationships" }:
                Truth.AssertEqual(bench, job, bench.Simulator.World.Rows(job.Resource.Name).Select(WithCioId));
                break;
            case { Name: "object_attributes" }:
                Truth.AssertEqual(bench, job, bench.Simulator.World.Rows("objects").Select(WithIdentifiers));
                break;
            case { Name: "optouts" }:
                Truth.AssertEqual(bench, job, bench.Simulator.World.Rows("optouts").SelectMany(EntriesOf));
                break;
            case { Name: "objects" }:
                Truth.AssertEqual(bench, job, bench.Simulator.World.Rows(job.Resource.Name).Select(Flat));
                break;
            default:
                Truth.AssertEqual(bench, job, bench.Simulator.World.Rows(job.Resource.Name));
                break;
        }
    }

    private static bool HasPerson(JsonElement row) =>
        row.GetProperty("customer_id").ValueKind != JsonValueKind.Null || row.TryGetProperty("customer_identifiers", out _);

    // The search gives the identifiers of an object at the top, the world keeps them together.
    private static JsonElement Flat(JsonElement row) =>
        JsonDocument
            .Parse(row.GetProperty("identifiers").GetRawText()[..^1] + $",\"object_type_id\":{row.GetProperty("object_type_id").GetRawText()}}}")
            .RootElement;

    private static JsonElement WithIdentifiers(JsonElement row) =>
        JsonDocument.Parse(row.GetRawText()[..^1] + "," + row.GetProperty("identifiers").GetRawText()[1..]).RootElement;

    // The world has one entry a person with all opt-outs, the table a row for each.
    private static IEnumerable<JsonElement> EntriesOf(JsonElement row) =>
        row.GetProperty("optouts")
            .EnumerateArray()
            .Select(entry =>
                JsonDocument
                    .Parse(
                        entry.GetRawText()[..^1]
                            + $",\"customer_id\":{row.GetProperty("customer_id").GetRawText()},\"cio_id\":{row.GetProperty("cio_id").GetRawText()}}}")
                    .RootElement);

    // The world calls the person of a relationship customer_id, as the table's documented key does; it is the cio_id.
    private static JsonElement WithCioId(JsonElement row) =>
        JsonDocument.Parse(row.GetRawText()[..^1] + $",\"cio_id\":{row.GetProperty("customer_id").GetRawText()}}}").RootElement;

    private static JsonElement WithoutSecrets(JsonElement row) =>
        JsonDocument
            .Parse(
                row.GetRawText()
                    .Replace("hook-user:hook-secret@", "***@", StringComparison.Ordinal)
                    .Replace("token=abc", "token=***", StringComparison.Ordinal))
            .RootElement;
}
