using System.Globalization;
using System.Text.Json;
using Sluice.Engine.Extract;
using Sluice.Engine.Runs;
using Sluice.Simulator;
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

    private static long Created(JsonElement row) => row.GetProperty("created").GetInt64();

    private static string Id(JsonElement row) => row.GetProperty("id").GetString()!;
}
