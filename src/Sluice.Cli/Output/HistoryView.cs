using System.Text.Json;
using Sluice.Engine.Load;
using Sluice.Engine.Runs;

namespace Sluice.Cli.Output;

/// <summary>Tells of past runs.</summary>
internal static class HistoryView
{
    public static string Write(IReadOnlyList<RunRecord> runs, bool json) => json
        ? $"[{string.Join(",\n", runs.Select(run => run.Report))}]\n"
        : runs.Count == 0 ? "No run is recorded here.\n" : Text(runs);

    private static string Text(IReadOnlyList<RunRecord> runs)
    {
        var table = new TextTable("run", "started", ">seconds", ">tables", ">written", ">requests", ">exit", "what");
        foreach (var run in runs)
        {
            var tables = Tables(run);
            table.Add(
                run.RunId, Figures.Time(run.StartedAt), Figures.Seconds((run.EndedAt - run.StartedAt).TotalSeconds), Figures.Count(tables.Count),
                Figures.Count(tables.Sum(one => one.Rows)), Figures.Count(run.Requests), Figures.Count(run.ExitCode), What(run.ExitCode, tables));
        }

        return table.ToString();
    }

    // Reports of other versions may lack or name things differently: what is not there counts as nothing.
    private static List<(string Source, long Rows, string Outcome)> Tables(RunRecord run)
    {
        using var report = JsonDocument.Parse(run.Report);
        return report.RootElement.TryGetProperty("tables", out var tables)
            ? [.. tables.EnumerateArray().Select(table => (Text(table, "source"), Number(table, "rows"), Text(table, "outcome")))]
            : [];
    }

    private static string What(int exitCode, List<(string Source, long Rows, string Outcome)> tables)
    {
        var odd = tables.Where(table => table.Outcome is not "Done").Select(table => $"{table.Source} {table.Outcome.ToLowerInvariant()}").ToList();
        return odd.Count > 0 ? string.Join(", ", odd.Take(3)) + (odd.Count > 3 ? ", …" : "") : exitCode == ExitCode.Done ? "done" : "";
    }

    private static string Text(JsonElement item, string name) => item.TryGetProperty(name, out var value) ? value.ToString() : "";

    private static long Number(JsonElement item, string name) => item.TryGetProperty(name, out var value) && value.TryGetInt64(out var number) ? number : 0;
}
