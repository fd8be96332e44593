using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Engine;
using Sluice.Engine.Load;
using Sluice.Engine.Runs;
using Sluice.Engine.State;

namespace Sluice.Cli.Output;

/// <summary>Prints how far tables have been read.</summary>
internal static class StateView
{
    public static string Write(IReadOnlyList<TableState> states, bool json, int? width) =>
        json ? JsonOutput.Write(JsonOutput.Array(states.Select(Json))) + "\n"
        : states.Count == 0 ? "Nothing is remembered: the next run reads everything.\n"
        : Text(states, width);

    private static string Text(IReadOnlyList<TableState> states, int? width)
    {
        var table = new TextTable("table", "source", "read until", ">parents", "by run");
        foreach (var state in states)
        {
            var parents = state.Parents.Keys.Count(key => !TableState.IsBeginning(key));
            table.Add(
                state.Table,
                state.Source,
                NumberFormat.Time(state.Until),
                parents == 0 ? "" : NumberFormat.Count(parents),
                state.RunId ?? "set by hand");
        }

        return table.Within(width, "source", "parents", "by run");
    }

    private static JsonObject Json(TableState state) => new()
    {
        ["table"] = state.Table,
        ["source"] = state.Source,
        ["read_until"] = NumberFormat.Time(state.Until),
        ["run_id"] = state.RunId,
        ["parents"] = new JsonObject(state.Parents.OrderBy(parent => parent.Key, StringComparer.Ordinal)
            .Select(parent => KeyValuePair.Create(parent.Key, (JsonNode?)NumberFormat.Time(parent.Value)))),
    };
}

/// <summary>Prints past runs.</summary>
internal static class HistoryView
{
    public static string Write(IReadOnlyList<RunRecord> runs, bool json, int? width) => json
        ? $"[{string.Join(",\n", runs.Select(run => run.Report))}]\n"
        : runs.Count == 0 ? "No run is recorded here.\n" : Text(runs, width);

    private static string Text(IReadOnlyList<RunRecord> runs, int? width)
    {
        var table = new TextTable("run", "started", ">seconds", ">tables", ">written", ">requests", ">exit", "what");
        foreach (var run in runs)
        {
            var tables = Tables(run);
            table.Add(
                run.RunId,
                NumberFormat.Time(run.StartedAt),
                NumberFormat.Seconds((run.EndedAt - run.StartedAt).TotalSeconds),
                NumberFormat.Count(tables.Count),
                NumberFormat.Count(tables.Sum(one => one.Rows)),
                NumberFormat.Count(run.Requests),
                NumberFormat.Count(run.ExitCode),
                What(run.ExitCode, tables));
        }

        return table.Within(width, "requests", "seconds", "tables");
    }

    // Reports of other versions can have other fields: missing ones count as empty.
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

    private static long Number(JsonElement item, string name) =>
        item.TryGetProperty(name, out var value) && value.TryGetInt64(out var number) ? number : 0;
}
