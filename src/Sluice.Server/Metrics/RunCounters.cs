using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text.Json;
using Sluice.Server.Control;
using Sluice.Server.Runs;

namespace Sluice.Server.Metrics;

/// <summary>Counts what runs of this node have done since it was started, whether anybody reads the numbers or not.</summary>
internal sealed class RunCounters(ControlDatabase control) : IRunObserver
{
    private readonly ConcurrentDictionary<(string Kind, string Name, string State), long> _runs = new();
    private readonly ConcurrentDictionary<(string Kind, string Name, string Table), long> _rows = new();
    private readonly ConcurrentDictionary<(string Kind, string Name), long> _requests = new();
    private readonly ConcurrentDictionary<(string Kind, string Name), long> _throttled = new();
    private readonly ConcurrentDictionary<(string Kind, string Name), double> _seconds = new();

    public IEnumerable<Measurement<long>> Runs =>
        _runs.Select(run => MetricLabels.With(run.Value, run.Key.Kind, run.Key.Name, ("state", run.Key.State)));

    public IEnumerable<Measurement<long>> Rows =>
        _rows.Select(row => MetricLabels.With(row.Value, row.Key.Kind, row.Key.Name, ("table", row.Key.Table)));

    public IEnumerable<Measurement<long>> Requests => _requests.Select(one => MetricLabels.With(one.Value, one.Key.Kind, one.Key.Name));

    public IEnumerable<Measurement<long>> Throttled => _throttled.Select(one => MetricLabels.With(one.Value, one.Key.Kind, one.Key.Name));

    /// <summary>How long the last run took.</summary>
    public IEnumerable<Measurement<double>> Seconds => _seconds.Select(one => MetricLabels.With(one.Value, one.Key.Kind, one.Key.Name));

    public async Task EndedAsync(string runId, CancellationToken cancel)
    {
        if (await EndedRun.FindAsync(control, runId, cancel) is not { } run)
        {
            return;
        }

        var key = (run.Row.Kind, run.Row.Name);
        _runs.AddOrUpdate((run.Row.Kind, run.Row.Name, run.Row.State), 1, (_, count) => count + 1);
        _requests.AddOrUpdate(key, run.Row.Requests ?? 0, (_, sum) => sum + (run.Row.Requests ?? 0));
        _throttled.AddOrUpdate(key, run.Throttled, (_, sum) => sum + run.Throttled);
        _seconds[key] = run.Seconds;
        foreach (var table in run.Tables)
        {
            _rows.AddOrUpdate((run.Row.Kind, run.Row.Name, table.Name), table.Rows, (_, sum) => sum + table.Rows);
        }
    }
}

/// <summary>A run that has ended, as far as figures tell of it.</summary>
/// <param name="Row">The run.</param>
/// <param name="Throttled">Answers with status 429.</param>
/// <param name="Tables">The tables.</param>
internal sealed record EndedRun(RunRow Row, long Throttled, IReadOnlyList<EndedTable> Tables)
{
    public double Seconds => ((Row.EndedAt ?? Row.StartedAt) - Row.StartedAt) / 1000.0;

    public static async Task<EndedRun?> FindAsync(ControlDatabase control, string runId, CancellationToken cancel)
    {
        var row = await control.FindAsync<RunRow>($"SELECT {RunRow.Columns} FROM runs WHERE id = @Id", new { Id = runId }, cancel);
        var report = await control.FindAsync<string>("SELECT report FROM runs WHERE id = @Id", new { Id = runId }, cancel);
        if (row is null)
        {
            return null;
        }

        using var json = JsonDocument.Parse(report ?? "{}");
        return new EndedRun(
            row,
            json.RootElement.TryGetProperty("rate_limited", out var limited) ? limited.GetInt64() : 0,
            json.RootElement.TryGetProperty("tables", out var tables) ? [.. tables.EnumerateArray().Select(EndedTable.Of)] : []);
    }
}

/// <summary>A table of such a run.</summary>
/// <param name="Name">The table as it was asked for.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Rows">Rows that were written.</param>
/// <param name="Seconds">Seconds from the start of the run until it was committed.</param>
internal sealed record EndedTable(string Name, string Outcome, long Rows, double Seconds)
{
    public static EndedTable Of(JsonElement table) => new(
        table.GetProperty("source").GetString()!,
        table.GetProperty("outcome").GetString()!,
        table.GetProperty("rows").GetInt64(),
        table.GetProperty("seconds").GetDouble());
}
