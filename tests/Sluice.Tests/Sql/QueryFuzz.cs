using System.Globalization;
using Sluice.Simulator;
using Sluice.Sql;
using Xunit;

namespace Sluice.Tests.Sql;

/// <summary>Asks random queries of one pretend Customer.io, and compares each answer with the one over all rows.</summary>
internal static class QueryFuzz
{
    private const int Priced = 10;

    private static SimulatorOptions World(int seed) => new()
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

    /// <summary>Asserts that no answer differs; gives a line with the numbers.</summary>
    public static async Task<string> RunAsync(int seed, int count)
    {
        await using var bench = await SqlBench.StartAsync(World(seed));
        await bench.IngestAsync(QueryWorld.Sources);
        QueryWorld.Fill(bench.Expected);
        await using var wide = bench.Open(Kept(bench));
        await using var narrow = bench.Open(Kept(bench) with { PrefersNarrowWays = true });
        var generator = new QueryGenerator(seed);
        var (wrong, costs) = (new List<string>(), new List<QueryCost>());
        for (var i = 0; i < count; i++)
        {
            var sql = generator.Next();
            try
            {
                if (i % Priced == 0)
                {
                    await PriceAsync(bench, sql, costs);
                }
                else
                {
                    await bench.CheckAsync(sql, i % 2 == 1 ? narrow : wide);
                }
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                wrong.Add($"seed {seed}, query {i}: {sql}\n{error.GetType().Name}: {error.Message}");
            }
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} of {count}:\n{string.Join("\n\n", wrong.Take(12))}");
        var below = costs.Where(cost => cost.Made < cost.Least).ToList();
        Assert.True(below.Count == 0, $"Fewer requests than the lower bound:\n{string.Join('\n', below.Take(12))}");
        var ratio = costs.Select(cost => (cost.Expected + 1.0) / (cost.Made + 1)).Order().ElementAt(costs.Count / 2);
        Assert.True(ratio is >= 0.9 and <= 1.1, $"{ratio}:\n{string.Join('\n', costs)}");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"seed {seed}: {count} queries, 0 wrong; {costs.Count} priced, {costs.Sum(cost => cost.Made)} requests, expected to made {ratio:0.00} at the median");
    }

    // What the same question has brought before is used again, but decides nothing: ways that ask for less are what is tested.
    private static SqlOptions Kept(SqlBench bench) => new()
    {
        MostRequests = 100_000,
        CacheFolder = Path.Combine(bench.World.WorkFolder, "cache"),
        CacheLifetime = TimeSpan.FromDays(1),
        CacheDecidesWays = false,
    };

    private static async Task PriceAsync(SqlBench bench, string sql, List<QueryCost> costs)
    {
        await using var session = bench.Open(new SqlOptions { MostRequests = 100_000 });
        var price = bench.IsRefused(sql) ? null : await bench.ExplainAsync(sql, session);
        var before = bench.Requests;
        var report = await bench.CheckAsync(sql, session);
        Assert.Equal(bench.Requests - before, report.Requests);
        if (price is not null)
        {
            costs.Add(new QueryCost(sql, price.LikelyRequests, price.LeastRequests, report.Requests));
        }
    }

    private sealed record QueryCost(string Sql, long Expected, long Least, long Made);
}
