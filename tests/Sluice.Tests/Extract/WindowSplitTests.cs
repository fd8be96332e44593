using System.Globalization;
using System.Text.Json;
using Sluice.Engine.Extract;
using Sluice.Engine.Runs;
using Sluice.Simulator;
using Sluice.Tests.CustomerIo;
using Sluice.Tests.Runs;
using Sluice.Tests.Spool;
using Xunit;

namespace Sluice.Tests.Extract;

public sealed class WindowSplitTests : IDisposable
{
    private readonly SpoolBench _spools = new();

    public void Dispose() => _spools.Dispose();

    [Fact]
    public async Task A_long_window_is_split_and_no_row_is_lost_or_doubled()
    {
        await using var bench = await IngestHarness.StartAsync(new SimulatorOptions
        {
            Messages = 30_000,
            MessageDays = 300,
            Customers = 200,
            RequestsPerSecond = 0,
            FreezeClock = true,
        });
        var job = IngestHarness.Job("messages");
        var world = bench.Simulator.World.Rows("messages").ToList();
        var (first, last) = (world.Min(Created), world.Max(Created));
        var window = new TimeWindow(Math.Max(first, last - (job.Resource.Window!.MaxDays * 86400L)), last);
        var expected = world.Where(row => Created(row) >= window.Start).Select(Id).Order(StringComparer.Ordinal).ToList();
        await using var spool = _spools.Open();
        using var client = bench.Client();
        var extraction = new Extraction(ExtractionKey.Of(job.Resource, null), job.Resource with { PageSize = 100 })
        {
            Range = new ExtractionRange(DateTimeOffset.FromUnixTimeSeconds(window.Start), DateTimeOffset.FromUnixTimeSeconds(window.End)),
        };
        await new SpooledExtraction(extraction, spool).ReadAsync(new ExtractContext(client, 4), TestContext.Current.CancellationToken);
        Assert.True(spool.IsComplete);

        var parts = spool.Partition(window.Id).SplitInto;
        Assert.NotNull(parts);
        Assert.InRange(parts.Count, 2, 16);
        Assert.Equal(0, spool.Partition(window.Id).Pages);
        var lines = (await SpoolBench.RecordsOf(spool))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => Id(JsonDocument.Parse(line).RootElement));
        Assert.Equal(expected, lines.Where(expected.ToHashSet().Contains).Distinct().Order(StringComparer.Ordinal));

        var report = await bench.IngestAsync(bench.Request(job));
        Assert.Equal(0, report.ExitCode);
        var rows = bench.Query("SELECT count(*), count(DISTINCT id) FROM customerio.messages")[0];
        Assert.All(rows, count => Assert.Equal(world.Count, Convert.ToInt32(count, CultureInfo.InvariantCulture)));
        Truth.AssertEqual(bench, job, bench.Simulator.World.Rows("messages"));
    }

    [Theory]
    [InlineData(170, 236)]
    [InlineData(500, 232)]
    public async Task Two_hundred_pages_take_few_requests_more_and_chains_enough_to_use_the_budget(int days, int most)
    {
        await using var bench = await IngestHarness.StartAsync(new SimulatorOptions
        {
            Messages = 20_000,
            MessageDays = days,
            Customers = 200,
            RequestsPerSecond = 0,
            FreezeClock = true,
        });
        var resource = IngestHarness.Job("messages").Resource;
        await using var spool = _spools.Open();
        using var client = bench.Client();
        var extraction = new Extraction(ExtractionKey.Of(resource, null), resource with { PageSize = 100 })
        {
            Range = new ExtractionRange(null, DateTimeOffset.FromUnixTimeSeconds(bench.Simulator.World.Rows("messages").Max(Created))),
        };
        var reading = new SpooledExtraction(extraction, spool);
        await reading.ReadAsync(new ExtractContext(client, 8), TestContext.Current.CancellationToken);

        Assert.True(spool.IsComplete);
        Assert.InRange(reading.Counters.Requests, 200, most);
        var newest = TimeWindow.Cover(TimeWindow.Beginning, extraction.Range.End!.Value, resource.Window!.MaxDays)[0];
        Assert.InRange(spool.Partition(newest.Id).SplitInto?.Count ?? 0, days > 180 ? 2 : 7, days > 180 ? 2 : 8);
        var ids = (await SpoolBench.RecordsOf(spool))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => Id(JsonDocument.Parse(line).RootElement))
            .Distinct();
        Assert.Equal(bench.Simulator.World.Rows("messages").Select(Id).Order(StringComparer.Ordinal), ids.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Windows_that_go_on_without_a_record_end_together()
    {
        var asked = 0;
        await using var server = await ScriptedServer.StartAsync(
            context => Replies.Json($$"""{"messages":[],"next":"c{{Interlocked.Increment(ref asked)}}"}""")(context));
        using var client = Clients.For(server);
        var resource = IngestHarness.Job("messages").Resource;
        var reading = new MemoryExtraction(new Extraction(ExtractionKey.Of(resource, null), resource), DateTimeOffset.UnixEpoch.AddYears(56));

        var error = await Assert.ThrowsAsync<ExtractionFailedException>(async () =>
        {
            await foreach (var page in reading.ReadAsync(new ExtractContext(client, 24), TestContext.Current.CancellationToken))
            {
                Assert.True(page.IsEmpty);
            }
        });

        Assert.Matches("GET /v1/messages gave 2[0-9]{3} pages, in the lists that are read for one table, without a new record", error.Message);
        Assert.InRange(asked, 2_000, 2_400);
    }

    private static long Created(JsonElement row) => row.GetProperty("created").GetInt64();

    private static string Id(JsonElement row) => row.GetProperty("id").GetString()!;
}
