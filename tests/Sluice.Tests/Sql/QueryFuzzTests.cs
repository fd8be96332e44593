using System.Globalization;
using Sluice.Simulator;
using Xunit;

namespace Sluice.Tests.Sql;

public sealed class QueryFuzzTests
{
    private const int Queries = 300;

    [Fact]
    public async Task Random_queries_answer_as_over_all_rows()
    {
        var count = Environment.GetEnvironmentVariable("SLUICE_FUZZ_QUERIES") is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : Queries;
        var seed = Environment.GetEnvironmentVariable("SLUICE_FUZZ_SEED") is { } said ? int.Parse(said, CultureInfo.InvariantCulture) : 1;
        await QueryFuzz.RunAsync(seed, count);
    }
}

/// <summary>Asks random queries of one pretend Customer.io, and compares each answer with the one over all rows.</summary>
internal static class QueryFuzz
{
    public static SimulatorOptions World(int seed) => new()
    {
        Seed = seed,
        Customers = 40,
        Messages = 300,
        Activities = 120,
        Campaigns = 6,
        Broadcasts = 2,
        Newsletters = 5,
        ActionsPerCampaign = 12,
        RequestsPerSecond = 0,
        FreezeClock = true,
    };

    public static async Task RunAsync(int seed, int count)
    {
        await using var bench = await SqlBench.StartAsync(World(seed));
        await bench.IngestAsync(QueryWorld.Sources);
        QueryWorld.Fill(bench.Expected);
        var generator = new QueryGenerator(seed);
        var wrong = new List<string>();
        var requests = new List<(long Expected, long Least, long Made)>();
        for (var i = 0; i < count; i++)
        {
            var sql = generator.Next();
            var watch = System.Diagnostics.Stopwatch.StartNew();
            try
            {
                var price = await bench.ExplainAsync(sql);
                var report = await bench.CheckAsync(sql);
                if (Environment.GetEnvironmentVariable("SLUICE_FUZZ_TRACE") is not null)
                {
                    Console.Error.WriteLine($"{watch.ElapsedMilliseconds} ms, plan {report.Planning.TotalMilliseconds:0}, price {price.LeastRequests}-{price.LikelyRequests}, made {report.Requests}: {sql}\n{SqlBench.Steps(report)}");
                }

                requests.Add((price.LikelyRequests, price.LeastRequests, report.Requests));
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                wrong.Add($"seed {seed}, query {i}: {sql}\n{error.GetType().Name}: {error.Message}");
            }
        }

        Console.Error.WriteLine(
            $"seed {seed}: {count} queries, {wrong.Count} wrong, {requests.Sum(one => one.Made)} requests; "
            + $"below the least price {requests.Count(one => one.Made < one.Least)}, ratio of price to requests at the median "
            + requests.Select(one => (one.Expected + 1.0) / (one.Made + 1)).Order().ElementAtOrDefault(requests.Count / 2).ToString("0.00", CultureInfo.InvariantCulture));
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {count}:\n{string.Join("\n\n", wrong.Take(12))}");
    }
}
