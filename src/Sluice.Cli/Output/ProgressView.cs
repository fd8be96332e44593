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
        if (RunMeter.Left(tables) is { } left)
        {
            writer.WriteNumber("least_seconds_left", Math.Round(left.TotalSeconds));
        }

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

    /// <summary>How far all tables together are.</summary>
    public static string Totals(IReadOnlyList<TableSpeed> tables) =>
        $"{NumberFormat.Count(tables.Count(table => table.IsOver))} of {NumberFormat.Count(tables.Count)} tables, "
        + $"{NumberFormat.Count(tables.Sum(table => table.Rows))} records";

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
        var left = RunMeter.Left(tables) is { } time ? $", at least {NumberFormat.Span(time)} left" : "";
        return $"{NumberFormat.Span(meter.Elapsed)}: {Totals(tables)}, {rate}{left}{(busy.Length > 0 ? ": " + busy : "")}";
    }
}
