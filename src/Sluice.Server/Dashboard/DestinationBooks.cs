using Sluice.Destinations;
using Sluice.Engine;
using Sluice.Engine.Load;
using Sluice.Engine.Runs;
using Sluice.Engine.State;

namespace Sluice.Server.Dashboard;

/// <summary>What a destination itself tells of the tables of a sync: the state and the ledger that are kept beside the rows.</summary>
internal sealed record DestinationBooks
{
    private const int MostRuns = 30;

    // Somebody waits for the page.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>How far tables are.</summary>
    public IReadOnlyList<TableState> States { get; init; } = [];

    /// <summary>The tables that were ever loaded.</summary>
    public IReadOnlyList<LoadedTable> Loaded { get; init; } = [];

    /// <summary>The reports of the last runs, the oldest first.</summary>
    public IReadOnlyList<RunReport> Reports { get; init; } = [];

    /// <summary>Why nothing can be told; null when all is.</summary>
    public string? Problem { get; init; }

    /// <summary>Rows in each table after each run that committed it, the oldest first, by the table with its schema.</summary>
    public ILookup<string, (RunReport Run, TableReport Table)> ByTable => Reports
        .SelectMany(run => run.Tables.Where(table => table.Outcome is TableOutcome.Done or TableOutcome.Partial).Select(table => (run, table)))
        .ToLookup(pair => pair.table.Table, StringComparer.Ordinal);

    /// <summary>Reads them; what can't be opened in time is told in a sentence.</summary>
    /// <param name="uri">The address of the destination.</param>
    /// <param name="schema">The schema of the tables.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancel">Stops it.</param>
    public static async Task<DestinationBooks> ReadAsync(string? uri, string schema, TimeProvider time, CancellationToken cancel)
    {
        if (uri is null)
        {
            return new DestinationBooks { Problem = "A variable of its address is not set, so that it can't be opened." };
        }

        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        try
        {
            // Opening would make the file.
            return DestinationFile.IsMissing(uri)
                ? new DestinationBooks { Problem = "It is not there yet: the first run makes it." }
                : await Task.Run(() => OpenAsync(uri, schema, either.Token), either.Token).WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new DestinationBooks { Problem = $"It did not answer within {NumberFormat.Span(Patience)}." };
        }
        catch (SluiceException error)
        {
            return new DestinationBooks { Problem = $"{error.Message} {error.Hint}".TrimEnd() };
        }
    }

    private static async Task<DestinationBooks> OpenAsync(string uri, string schema, CancellationToken cancel)
    {
        await using var destination = await DestinationRegistry.OpenAsync(uri, cancel);
        var books = destination.SystemTables(schema);
        var runs = await books.ReadRunsAsync(MostRuns, cancel);
        return new DestinationBooks
        {
            States = await books.ReadStatesAsync(cancel),
            Loaded = await books.ReadLoadedAsync(cancel),
            Reports = [.. runs.Reverse().Select(run => Status.Reports.Read(run.Report)).OfType<RunReport>()],
        };
    }
}
