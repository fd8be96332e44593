using System.Globalization;
using Sluice.Writes.Statements;
using Xunit;

namespace Sluice.Tests.Writes;

/// <summary>A statement whose calls can't be repeated, killed at a call that a seed chooses, before or after Customer.io has done it.</summary>
internal static class KilledStatement
{
    public static async Task AssertAsync(StatementBench bench, int seed, int calls)
    {
        var sql = $"INSERT INTO segments(name) SELECT 'k' || i FROM range({calls}) t(i)";
        var (killAt, isDone) = ((seed / 2 % calls) + 1, seed % 2 == 0);
        var (before, after) = (Path.Combine(bench.Folder, "before"), Path.Combine(bench.Folder, "after"));
        await using var process = new KilledProcess(killAt, isDone);
        Assert.True(await process.RunAsync(handler => bench.RunAsync(sql, handler, before)));
        KilledProcess.CopyJournals(before, after, isHalf: seed % 3 == 0);

        var report = await bench.RunAsync(sql, work: after, continues: true);

        Assert.Equal(7, report.ExitCode);
        Assert.Equal(
            (killAt - 1, 1, calls - killAt),
            (report.Count(CallState.DoneBefore), report.Count(CallState.Unknown), report.Count(CallState.Done)));
        var made = (isDone ? calls : calls - 1).ToString(CultureInfo.InvariantCulture);
        Assert.Equal($"{made},{made}", await bench.AskAsync("SELECT count(*), count(DISTINCT name) FROM segments WHERE name LIKE 'k%'"));
    }
}
