using System.Text;
using Sluice.CustomerIo;
using Sluice.Engine.Extract;
using Sluice.Engine.Runs;
using Sluice.Simulator;
using Sluice.Tests.Runs;
using Xunit;

namespace Sluice.Tests.Extract;

public sealed class MemoryExtractionTests
{
    private static readonly SimulatorOptions Options = new()
    {
        Customers = 250,
        Messages = 4000,
        Campaigns = 6,
        RequestsPerSecond = 0,
        FreezeClock = true,
    };

    [Theory]
    [InlineData("campaigns")]
    [InlineData("messages")]
    [InlineData("campaign_actions")]
    [InlineData("customer_attributes")]
    [InlineData("campaign_metrics:days")]
    public async Task Every_way_of_reading_gives_in_memory_what_a_run_spools(string table)
    {
        await using var bench = await IngestHarness.StartAsync(Options);
        using var client = bench.Client();
        var job = IngestHarness.Job(table);
        var memory = await MemoryAsync(bench, client, job);

        var lines = await LinesAsync(memory, client);

        Assert.False(Directory.Exists(bench.WorkFolder));
        var report = await bench.IngestAsync(bench.Request(job));
        Assert.Equal(0, report.ExitCode);
        Assert.True(lines.Count > 0);
        Assert.Equal(report.Tables[0].Fetched, lines.Count);
        Assert.Equal((long)lines.Count, memory.Sink.Rows);
        Assert.NotEmpty(memory.Sink.Fields);
    }

    [Theory]
    [InlineData("messages", 2)]
    [InlineData("campaign_actions", 8)]
    [InlineData("customer_activities", 30)]
    public async Task Reading_stops_once_there_are_enough_rows(string table, int mostRequests)
    {
        await using var bench = await IngestHarness.StartAsync(Options);
        using var client = bench.Client();
        var memory = await MemoryAsync(bench, client, IngestHarness.Job(table), mostRows: 3);

        var lines = await LinesAsync(memory, client, parallelism: 1);

        Assert.InRange(lines.Count, 3, int.MaxValue);
        Assert.InRange(memory.Requests, 1, mostRequests);
    }

    [Fact]
    public async Task Whoever_stops_taking_pages_stops_the_requests()
    {
        await using var bench = await IngestHarness.StartAsync(Options);
        using var client = bench.Client();
        var memory = await MemoryAsync(bench, client, IngestHarness.Job("customer_activities"));
        await foreach (var page in memory.ReadAsync(new ExtractContext(client, 1), TestContext.Current.CancellationToken))
        {
            Assert.False(page.IsEmpty);
            break;
        }

        Assert.InRange(memory.Requests, 1, Options.Customers / 2);
        Assert.False(memory.Sink.IsComplete);
    }

    [Fact]
    public async Task A_refusal_reaches_whoever_takes_the_pages()
    {
        await using var bench = await IngestHarness.StartAsync(Options);
        using var client = bench.Client();
        using var refused = new CustomerIoClient(new CustomerIoOptions { AppApiKey = "another-key", BaseUrl = bench.Simulator.BaseAddress });
        var memory = await MemoryAsync(bench, client, IngestHarness.Job("campaign_actions"));

        await Assert.ThrowsAsync<ExtractionFailedException>(() => LinesAsync(memory, refused));
    }

    private static async Task<MemoryExtraction> MemoryAsync(IngestHarness bench, CustomerIoClient client, TableJob job, long? mostRows = null)
    {
        var request = bench.Request(job);
        var info = Assert.Single(
            await WorkspaceInfo.ReadAsync(Workspace.Alone(request, client), TimeProvider.System, TestContext.Current.CancellationToken));
        return new MemoryExtraction(ExtractionPlan.For(request, StateSnapshot.None, info.Now).Of(job), info.Now, mostRows);
    }

    private static async Task<List<string>> LinesAsync(MemoryExtraction memory, CustomerIoClient client, int parallelism = 4)
    {
        var lines = new List<string>();
        await foreach (var page in memory.ReadAsync(new ExtractContext(client, parallelism), TestContext.Current.CancellationToken))
        {
            lines.AddRange(Encoding.UTF8.GetString(page.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }

        return lines;
    }
}
