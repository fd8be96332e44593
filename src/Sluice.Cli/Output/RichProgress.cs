using System.Globalization;
using Sluice.Engine;
using Sluice.Engine.Runs;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Sluice.Cli.Output;

/// <summary>A live table of the tables being read, for a terminal.</summary>
internal sealed class RichProgress(Messages messages) : IProgressView
{
    private const int LinesAround = 8;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    private readonly IAnsiConsole _console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });

    public async Task<T> ShowAsync<T>(RunProgress progress, Task<T> run, TimeProvider time)
    {
        var meter = new RunMeter(progress, time);
        messages.Writer = line => _console.WriteLine(line);
        try
        {
            await _console.Live(Text.Empty).AutoClear(true).StartAsync(async live =>
            {
                while (!run.IsCompleted)
                {
                    live.UpdateTarget(Picture(meter));
                    await Task.WhenAny(run, Task.Delay(Look, time, CancellationToken.None));
                }
            });
        }
        finally
        {
            messages.Writer = null;
        }

        return await run;
    }

    private Rows Picture(RunMeter meter)
    {
        var tables = meter.Read();
        var waiting = messages.Waiting(tables.Sum(table => table.Pages));
        var busy = tables.Where(table => table.IsBusy).OrderByDescending(table => table.Pages).ToList();
        var shown = Math.Max(3, _console.Profile.Height - LinesAround);
        IRenderable reason = waiting is null ? Text.Empty : new Text(VisibleText.Line(waiting), new Style(Color.Yellow));
        IRenderable table = busy.Count == 0 ? Text.Empty : Table(busy.Take(shown));
        return new Rows(Summary(meter, tables), reason, table, Rest(busy.Count - shown));
    }

    // Two lines, each of which fits into 80 columns.
    private static Markup Summary(RunMeter meter, IReadOnlyList<TableSpeed> tables) => new(
        tables.Count == 0
            ? $"[bold]Beginning[/], {NumberFormat.Span(meter.Elapsed)}\n"
            : $"[bold]{PlainProgress.Totals(tables)}[/], {NumberFormat.Span(meter.Elapsed)}{Failed(tables)}\n"
                + string.Create(CultureInfo.InvariantCulture, $"{meter.RequestsPerSecond:0.0} requests/s, ")
                + $"{NumberFormat.Share(meter.BudgetUsed)} of the budget used"
                + (RunMeter.Left(tables) is { } left ? $", at least {NumberFormat.Span(left)} left" : ""));

    private static string Failed(IReadOnlyList<TableSpeed> tables) =>
        tables.Count(table => table.Stage == TableStage.Failed) is var failed and > 0 ? $", [red]{failed} failed[/]" : "";

    private static Table Table(IEnumerable<TableSpeed> tables)
    {
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumn("table");
        foreach (var title in new[] { "pages", "records", "records/s", "left" })
        {
            table.AddColumn(new TableColumn(title).RightAligned());
        }

        foreach (var row in tables)
        {
            table.AddRow(
                new Text(VisibleText.Line(row.Table)),
                new Text(NumberFormat.Count(row.Pages)),
                new Text(row.Expected is { } all ? $"{NumberFormat.Count(row.Rows)} of {NumberFormat.Count(all)}" : NumberFormat.Count(row.Rows)),
                new Text(row.Stage == TableStage.Committing ? "committing" : NumberFormat.Count(row.RowsPerSecond)),
                new Text(row.Left is { } left ? NumberFormat.Span(left) : ""));
        }

        return table;
    }

    private static IRenderable Rest(int hidden) => hidden > 0 ? new Text($"and {hidden} more") : Text.Empty;
}
