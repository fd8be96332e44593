using Xunit;

namespace Sluice.Tests.Writes.Backup;

/// <summary>A restore that is killed at a place that a seed chooses, of a workspace that has lost what the seed says.</summary>
internal static class KilledRestore
{
    public static async Task AssertAsync(BackupBench bench, int seed)
    {
        await bench.BackupAsync("--members", "--only", "snippets,collections,segments,transactional");
        var before = bench.Contents();
        Spoil(bench, seed / 10);
        var (work, after) = (Path.Combine(bench.Statements.Folder, "before"), Path.Combine(bench.Statements.Folder, "after"));

        await using var process = new KilledProcess((seed % 10 / 2) + 1, seed % 2 == 0);
        var isKilled = await process.RunAsync(handler => bench.RunAsync(handler, work));
        if (isKilled)
        {
            KilledProcess.CopyJournals(work, after, isHalf: seed / 10 % 2 == 1);
        }

        var report = await bench.RunAsync(null, isKilled ? after : work);

        Assert.True(report.ExitCode == 0, $"seed {seed}: {string.Join(", ", report.NotAsSent)}");
        Assert.Equal(before, bench.Contents());
        using var handler = new SpoiltWrites(_ => Writes.Spoil.Nothing);
        await bench.RunAsync(handler, isKilled ? after : work);
        Assert.Equal(0, handler.Writes);
        Assert.True(isKilled || seed >= 10, $"seed {seed} had come to its end");
    }

    // The first one takes away something of each kind, the others some of it.
    private static void Spoil(BackupBench bench, int which)
    {
        var (settings, segments) = (bench.World.Settings, bench.World.Segments);
        foreach (var (place, change) in new Action[]
        {
            () => settings.Snippets.Remove("a/b c+d"),
            () => settings.Collections.Remove(3),
            () => settings.Collections.Remove(4),
            () => segments.Table.Remove(6),
            () => bench.World.Transactional[1].Contents.Rows.First()["subject"] = "s",
            () => settings.Snippets["address"] = ("other", 1),
        }.Index())
        {
            if (which == 0 ? place < 5 : (which * 7 + place) % 3 > 0)
            {
                change();
            }
        }
    }
}
