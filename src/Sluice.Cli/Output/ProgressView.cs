using System.Globalization;
using System.Text.Json;
using Sluice.Engine;
using Sluice.Engine.Runs;

namespace Sluice.Cli.Output;

/// <summary>Shows the progress of a run until it ends.</summary>
internal interface IProgressView
{
    Task<T> ShowAsync<T>(RunProgress progress, Task<T> run, TimeProvider time);
}

/// <summary>Shows nothing.</summary>
internal sealed class NoProgress : IProgressView
{
    public Task<T> ShowAsync<T>(RunProgress progress, Task<T> run, TimeProvider time) => run;
}

/// <summary>Computes rows per second over the last seconds from a run's counters, and the remaining time where it can be estimated.</summary>
internal sealed class RunMeter(RunProgress progress, TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(8);

    private readonly long _started = time.GetTimestamp();
    private readonly Dictionary<string, Queue<(TimeSpan At, long Rows)>> _samples = new(StringComparer.Ordinal);

    public TimeSpan Elapsed => time.GetElapsedTime(_started);

    public double RequestsPerSecond => progress.Budget?.CurrentRate ?? 0;

    /// <summary>The share of the request budget that is used, from 0 to 1.</summary>
    public double BudgetUsed => progress.Budget?.Utilisation ?? 0;

    /// <summary>Takes a sample and returns the state of every table.</summary>
    public IReadOnlyList<TableSpeed> Read()
    {
        var now = Elapsed;
        return [.. progress.Tables.Select(table => Read(table, now))];
    }

    private TableSpeed Read(TableProgress table, TimeSpan now)
    {
        if (!_samples.TryGetValue(table.Table, out var samples))
        {
            _samples.Add(table.Table, samples = new Queue<(TimeSpan At, long Rows)>());
        }

        var rows = table.Rows;
        samples.Enqueue((now, rows));
        while (now - samples.Peek().At > Window)
        {
            samples.Dequeue();
        }

        var (since, before) = samples.Peek();
        var speed = now > since ? (rows - before) / (now - since).TotalSeconds : 0;
        return new TableSpeed(table.Table, table.Stage, table.Pages, rows, table.Requests, speed) { Expected = table.Expected };
    }
}

/// <summary>The speed of a table at a moment.</summary>
internal sealed record TableSpeed(string Table, TableStage Stage, long Pages, long Rows, long Requests, double RowsPerSecond)
{
    public long? Expected { get; init; }

    public bool IsOver => Stage is TableStage.Done or TableStage.Failed;

    /// <summary>Whether there is progress worth printing.</summary>
    public bool IsBusy => !IsOver && (Pages > 0 || Stage == TableStage.Committing);

    /// <summary>The remaining time at the current speed, if the total is known.</summary>
    public TimeSpan? Left => Expected is { } all && RowsPerSecond > 0 && all > Rows ? TimeSpan.FromSeconds((all - Rows) / RowsPerSecond) : null;
}

/// <summary>A line every few seconds, and one for each finished table; as JSON if messages are JSON.</summary>
internal sealed class PlainProgress(Messages messages) : IProgressView
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    private readonly HashSet<string> _told = new(StringComparer.Ordinal);

    public async Task<T> ShowAsync<T>(RunProgress progress, Task<T> run, TimeProvider time)
    {
        var meter = new RunMeter(progress, time);
        var next = Every;
        while (!run.IsCompleted)
        {
            await Task.WhenAny(run, Task.Delay(Look, time, CancellationToken.None));
            var tables = meter.Read();
            TellEnds(tables);
            if (meter.Elapsed >= next && !run.IsCompleted)
            {
                Tell(meter, tables);
                next = meter.Elapsed + Every;
            }
        }

        return await run;
    }

    private void TellEnds(IReadOnlyList<TableSpeed> tables)
    {
        foreach (var table in tables.Where(table => table.IsOver && _told.Add(table.Table)))
        {
            var word = table.Stage == TableStage.Done ? "done" : "not done";
            messages.Event(
                "table",
                $"{table.Table}: {word}, {NumberFormat.Count(table.Rows)} records on {NumberFormat.Count(table.Pages)} pages",
                writer =>
                {
                    writer.WriteString("outcome", word);
                    Fields(writer, table);
                });
        }
    }

    private void Tell(RunMeter meter, IReadOnlyList<TableSpeed> tables) => messages.Event("progress", Line(meter, tables), writer =>
    {
        writer.WriteNumber("seconds", Math.Round(meter.Elapsed.TotalSeconds, 1));
        writer.WriteNumber("requests_per_second", Math.Round(meter.RequestsPerSecond, 1));
        writer.WriteNumber("budget_used", Math.Round(meter.BudgetUsed, 3));
        writer.WriteStartArray("tables");
        foreach (var table in tables.Where(table => table.IsBusy))
        {
            writer.WriteStartObject();
            Fields(writer, table);
            writer.WriteNumber("rows_per_second", Math.Round(table.RowsPerSecond, 1));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });

    private static void Fields(Utf8JsonWriter writer, TableSpeed table)
    {
        writer.WriteString("table", table.Table);
        writer.WriteNumber("pages", table.Pages);
        writer.WriteNumber("rows", table.Rows);
    }

    private static string Line(RunMeter meter, IReadOnlyList<TableSpeed> tables)
    {
        var busy = string.Join(
            ", ",
            tables
                .Where(table => table.IsBusy)
                .OrderByDescending(table => table.Rows)
                .Take(3)
                .Select(table => $"{table.Table} {NumberFormat.Count(table.Rows)} records ({NumberFormat.Count(table.RowsPerSecond)}/s)"));
        var rate = string.Create(
            CultureInfo.InvariantCulture, $"{meter.RequestsPerSecond:0.0} requests/s ({NumberFormat.Share(meter.BudgetUsed)} of the budget)");
        var over = string.Create(CultureInfo.InvariantCulture, $"{tables.Count(table => table.IsOver)} of {tables.Count} tables");
        return $"{NumberFormat.Span(meter.Elapsed)}: {over}, {rate}{(busy.Length > 0 ? ": " + busy : "")}";
    }
}
