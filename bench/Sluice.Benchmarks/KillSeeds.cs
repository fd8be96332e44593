using System.Diagnostics;
using System.Globalization;
using Sluice.Benchmarks.Kill;

namespace Sluice.Benchmarks;

/// <summary>Kills ingests at random moments, seed after seed, and counts what is then not as it must be.</summary>
internal static class KillSeeds
{
    public static async Task<int> RunAsync(string[] args)
    {
        var seeds = Seeds(args);
        if (seeds is null)
        {
            Console.Error.WriteLine("usage: kill [--seeds N] [--from SEED] [--seed SEED]");
            return 2;
        }

        var watch = Stopwatch.StartNew();
        var results = new List<SeedResult>();
        foreach (var seed in seeds)
        {
            var result = await SeedRun.RunAsync(Scenario.Of(seed), CancellationToken.None);
            results.Add(result);
            Tell(result, isOnly: seeds.Count == 1);
        }

        Console.WriteLine(Summary(results, watch.Elapsed));
        return results.Any(result => result.Differences.Count > 0) ? 1 : 0;
    }

    private static List<int>? Seeds(string[] args)
    {
        var (from, count) = (1, 200);
        foreach (var pair in args.Chunk(2))
        {
            if (pair is not [var name, var text] || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return null;
            }

            switch (name)
            {
                case "--seeds": count = number; break;
                case "--from": from = number; break;
                case "--seed": (from, count) = (number, 1); break;
                default: return null;
            }
        }

        return [.. Enumerable.Range(from, count)];
    }

    private static void Tell(SeedResult result, bool isOnly)
    {
        if (isOnly || result.Differences.Count > 0)
        {
            Console.WriteLine(result.Scenario);
        }

        foreach (var difference in result.Differences)
        {
            Console.WriteLine($"  DIFFERENT: {difference}");
        }

        if (result.Differences.Count > 0)
        {
            Console.WriteLine($"  alone: kill --seed {result.Scenario.Seed}");
        }
        else if (result.Scenario.Seed % 20 == 0)
        {
            Console.WriteLine($"seed {result.Scenario.Seed} is done");
        }
    }

    private static string Summary(List<SeedResult> results, TimeSpan time)
    {
        var stages = new[] { "starting", "reading", "loading" }.Select(stage =>
            $"{results.Sum(result => result.Kills.GetValueOrDefault(stage))} while {stage}");
        var (needed, asked) = (results.Sum(result => result.Needed), results.Sum(result => result.Asked));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            {results.Count} seeds in {time.TotalMinutes:F1} minutes, {results.Sum(result => result.Kills.Values.Sum())} kills ({string.Join(
                ", ",
                stages
            )}), {results.Sum(result => result.TooLate)} came too late
            {results.Sum(result => result.Resumed)} runs were resumed, {results.Sum(result =>
                result.Finished
            )} were killed when all was committed and began anew
            {asked:N0} answers where undisturbed runs needed {needed:N0}: {(double)(asked - needed)
                / Math.Max(1, results.Sum(result => result.Kills.Values.Sum())):F1} more for each kill
            {results.Sum(result => result.Rows):N0} rows compared with the world, {results.Count(result =>
                result.Differences.Count > 0
            )} seeds with differences
            """);
    }
}
