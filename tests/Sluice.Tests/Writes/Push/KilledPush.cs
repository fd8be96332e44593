using System.Globalization;
using System.Text;
using Sluice.Writes.Push;
using Xunit;

namespace Sluice.Tests.Writes.Push;

/// <summary>A push that is killed at a place that a seed chooses; the next one goes on, whatever the source has by then.</summary>
internal static class KilledPush
{
    private const int Rows = 120;

    public static async Task AssertAsync(PushBench bench, int seed)
    {
        await AssertObjectsAsync(bench, seed);
        await AssertEventsAsync(bench, seed);
    }

    // Half of the rows change, some vanish, some are new; before the second push some of the changed ones change back and some of the others return.
    private static async Task AssertObjectsAsync(PushBench bench, int seed)
    {
        var settings = bench.Settings("objects", PushMode.Mirror) with { MaxDeletes = "100%" };
        await bench.PushAsync(Objects(seed, n => n < 100 ? "old" : null), settings);
        bench.Source(Objects(seed, n => n % 7 == 0 ? null : n % 2 == 0 ? "new" : "old"));
        var copy = await KillAsync(bench, settings, seed);
        var last = (int n) => n % 14 == 0 ? "old" : n % 7 == 0 ? null : n % 4 == 0 && seed % 2 == 0 ? "old" : n % 2 == 0 ? "new" : "old";
        await bench.PushAsync(Objects(seed, last), copy);
        var objects = bench.Imports.Simulator.World.Objects;
        for (var n = 0; n < Rows; n++)
        {
            var value = objects.Find(1, $"o{n}", byCioId: false)?.Attributes["v"]?.ToString();
            Assert.True(last(n) == value, $"seed {seed}: object {n} is {value}");
        }

        var again = await bench.PushAsync(copy);
        Assert.Equal((0, 0L, 0L), (bench.Requests, again.Counts.Changed, again.Counts.Vanished));
    }

    private static async Task AssertEventsAsync(PushBench bench, int seed)
    {
        var settings = bench.Settings("events", null, "n") with { Name = "buys" };
        settings = settings with { Import = settings.Import with { Constants = ["name=bought"] } };
        bench.Source(Events(seed));
        var report = await bench.PushAsync(await KillAsync(bench, settings, seed));
        var seen = await bench.Imports.EventsAsync();
        Assert.All(seen.Values, count => Assert.Equal(1, count));
        Assert.Equal(report.Unknown > 0 ? 7 : 0, report.ExitCode);
        Assert.Equal(report.Unknown, report.UnknownKeys.Count);
        var lost = Enumerable.Range(0, Rows).Select(n => $"e{n}").Where(key => !seen.ContainsKey(key) && !report.UnknownKeys.Contains(key)).ToList();
        Assert.True(lost.Count == 0, $"seed {seed}: {string.Join(", ", lost)} are lost");
    }

    private static async Task<PushSettings> KillAsync(PushBench bench, PushSettings settings, int seed)
    {
        PushRun? run = null;
        await using var process = new KilledProcess((seed % 6) + 1, (seed / 6) % 2 == 0);
        var isKilled = await process.RunAsync(async handler =>
        {
            run = await PushRun.PrepareAsync(settings, bench.Imports.Client(handler), TimeProvider.System, TestContext.Current.CancellationToken);
            await run.RunAsync(CancellationToken.None);
        });
        if (isKilled)
        {
            return Copy(settings, seed);
        }

        await run!.DisposeAsync();
        return settings;
    }

    /// <summary>What a killed process leaves on the disk.</summary>
    public static PushSettings Copy(PushSettings settings, int seed)
    {
        var (from, to) = (settings.Import.WorkFolder, settings.Import.WorkFolder + "-after");
        KilledProcess.CopyJournals(from, to, isHalf: seed % 3 == 0);
        var stores = Directory.CreateDirectory(Path.Combine(to, "pushes")).FullName;
        foreach (var file in Directory.GetFiles(Path.Combine(from, "pushes"), $"{settings.Name}-*.duckdb*"))
        {
            if (!file.EndsWith(".lock", StringComparison.Ordinal))
            {
                File.Copy(file, Path.Combine(stores, Path.GetFileName(file)), overwrite: true);
            }
        }

        return settings with { Import = settings.Import with { WorkFolder = to } };
    }

    private static string Objects(int seed, Func<int, string?> value)
    {
        var text = new StringBuilder($"object_type_id,object_id,v,{Columns}\n");
        foreach (var (n, v) in Enumerable.Range(0, Rows).Select(n => (n, value(n))).Where(row => row.Item2 is not null))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"1,o{n},{v},{Padding(seed)}");
        }

        return text.ToString();
    }

    private static string Events(int seed) => $"id,n,{Columns}\n"
        + string.Concat(Enumerable.Range(0, Rows).Select(n => $"p{n},e{n},{Padding(seed)}\n"));

    private static string Columns => string.Join(',', Enumerable.Range(0, 24).Select(n => $"c{n}"));

    // Other lengths are cut into other requests.
    private static string Padding(int seed) => string.Join(',', Enumerable.Repeat(new string('x', 700 + (seed * 37 % 250)), 24));
}
