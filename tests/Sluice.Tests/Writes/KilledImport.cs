using System.Text;
using Sluice.Writes.Import;
using Xunit;

namespace Sluice.Tests.Writes;

/// <summary>An import that is killed at a place that a seed chooses, and goes on.</summary>
internal static class KilledImport
{
    public const int Rows = 160;

    /// <summary>Kills an import of people and one of events, and sees that the world is as intended and no event is there twice.</summary>
    public static async Task AssertAsync(ImportBench bench, int seed)
    {
        // Other lengths are cut into other requests.
        var (people, events) = WriteFiles(bench, 700 + (seed * 37 % 250));
        await KillAndGoOnAsync(bench, people, seed);
        for (var n = 0; n < Rows; n++)
        {
            Assert.Equal($"v{n}", bench.Person($"p{n}")?["v"]);
        }

        var report = await KillAndGoOnAsync(bench, events, seed);
        var seen = await bench.EventsAsync();
        Assert.All(seen.Values, count => Assert.Equal(1, count));
        Assert.Equal(Rows, report.Taken + report.Unknown);
        Assert.Equal(report.Unknown > 0 ? 7 : 0, report.ExitCode);
        var unknown = report.UnknownBatches.SelectMany(one => Enumerable.Range((int)one.FirstRow - 1, (int)one.Rows)).ToHashSet();
        Assert.All(
            Enumerable.Range(0, Rows).Where(n => !unknown.Contains(n)), n => Assert.True(seen.ContainsKey($"e{n}"), $"seed {seed}: row {n} is lost"));
    }

    private static async Task<ImportReport> KillAndGoOnAsync(ImportBench bench, ImportSettings settings, int seed)
    {
        await using var process = new KilledProcess((seed % 5) + 1, (seed / 5) % 2 == 0);
        var isKilled = await process.RunAsync(async handler =>
        {
            var run = await ImportRun.PrepareAsync(settings, bench.Client(handler), TimeProvider.System, TestContext.Current.CancellationToken);
            await run.RunAsync(CancellationToken.None);
        });
        Assert.True(isKilled);
        var copy = settings with { WorkFolder = settings.WorkFolder + "-after" };
        KilledProcess.CopyJournals(settings.WorkFolder, copy.WorkFolder, isHalf: true);
        return await bench.RunAsync(copy);
    }

    public static (ImportSettings People, ImportSettings Events) WriteFiles(ImportBench bench, int length = 900)
    {
        var padding = new string('x', length);
        var columns = Enumerable.Range(0, 24).Select(n => $"c{n}").ToList();
        var people = new StringBuilder($"id,v,{string.Join(',', columns)}\n");
        var events = new StringBuilder($"id,n,{string.Join(',', columns)}\n");
        foreach (var n in Enumerable.Range(0, Rows))
        {
            var rest = string.Join(',', columns.Select(_ => padding));
            people.AppendLine(System.Globalization.CultureInfo.InvariantCulture, $"p{n},v{n},{rest}");
            events.AppendLine(System.Globalization.CultureInfo.InvariantCulture, $"p{n},e{n},{rest}");
        }

        bench.Write("people.csv", people.ToString());
        bench.Write("events.csv", events.ToString());
        return (bench.Settings("people.csv", "people"), bench.Settings("events.csv", "events") with { Constants = ["@name=bought"] });
    }
}
