using Sluice.CustomerIo;
using Sluice.Engine.Catalog;
using Sluice.Engine.Load;
using Sluice.Engine.Runs;

namespace Sluice.Engine.Audit;

/// <summary>
/// Ingests what Customer.io has now into a scratch database and compares it with the destination: every key and
/// every value, not a sample. A repair loads the same pages into the destination, without further requests.
/// </summary>
public sealed class AuditRun(IngestRequest request, CustomerIoClient client, IDestination destination, IDestination scratch, TimeProvider time)
{
    private readonly IngestRun _reading = new(Aside(request), Workspace.Alone(Aside(request), client), scratch, time);

    /// <summary>The progress of the ingest.</summary>
    public RunProgress Progress => _reading.Progress;

    /// <summary>Compares the tables and optionally repairs those that differ.</summary>
    /// <exception cref="SluiceException">The key is refused, or a destination can't be read.</exception>
    public async Task<AuditReport> RunAsync(bool repair, CancellationToken cancel)
    {
        await RequireAsync(request, destination, cancel);

        // Pages of an interrupted audit would be outdated.
        Forget();
        try
        {
            return await ReadAndCompareAsync(repair, cancel);
        }
        finally
        {
            Forget();
        }
    }

    /// <summary>Sees that the destination has the columns that are named, and that what is masked in it is masked here in the same way.</summary>
    /// <exception cref="SluiceException">Something else is named or masked (kind Config).</exception>
    public static async Task RequireAsync(IngestRequest request, IDestination destination, CancellationToken cancel)
    {
        var columns = await ColumnSnapshot.ReadAsync(request, destination, cancel);
        columns.RequireNames(request);
        RememberedMasks.Require(request, columns);
    }

    private async Task<AuditReport> ReadAndCompareAsync(bool repair, CancellationToken cancel)
    {
        var read = await _reading.RunAsync(cancel);
        var tables = new List<AuditedTable>();
        foreach (var (job, report) in request.Tables.Zip(read.Tables))
        {
            tables.Add(await CompareAsync(job, report, cancel));
        }

        var differing = request.Tables.Zip(tables).Where(pair => pair.Second is { Differs: true, Failed: false }).Select(pair => pair.First).ToList();
        var repaired = repair && differing.Count > 0 ? await RepairAsync(differing, cancel) : null;
        return new AuditReport
        {
            Destination = destination.Name,
            Tables = tables,
            Requests = client.Statistics.Requests,
            Repair = repaired,
            ExitCode = ExitCodeOf(read, tables, repaired),
        };
    }

    /// <summary>Why a table can't be audited; null if it can.</summary>
    public static string? WhyNotAudited(Resource resource) => resource.TakesPeriod ? "metrics slide with time: another read gives other rows" : null;

    private void Forget()
    {
        if (Directory.Exists(Aside(request).SpoolFolder))
        {
            Directory.Delete(Aside(request).SpoolFolder, recursive: true);
        }
    }

    // The pages are kept for the repair, which then finds them complete.
    private static IngestRequest Aside(IngestRequest request) =>
        request with
        {
            PairId = request.PairId + "-audit",
            LeaveSpool = true,
            AllowPartial = true,
            NamedColumns = [],
            Tables =
            [
                .. request.Tables.Select(job =>
                    job with
                    {
                        // Only columns that both sides have are compared: the table may have those of members, or not.
                        Resource = job.Resource.WithMembers(job.Resource.Flatten?.Columns ?? []),
                        Strategy = Strategy.Replace,
                        KeepsVersions = false,
                        Observes = false,
                        Settings = job.Settings with { FullRefresh = true, Deletes = DeletePolicy.Ignore },
                    }),
            ],
        };

    private Task<RunReport> RepairAsync(IReadOnlyList<TableJob> jobs, CancellationToken cancel)
    {
        var tables = jobs.Select(job => job with
        {
            Strategy = Strategy.Merge,
            Observes = false,
            Settings = job.Settings with { FullRefresh = true },
        });
        var load = Aside(request) with { Tables = [.. tables], AllowPartial = request.AllowPartial };
        return new IngestRun(load, Workspace.Alone(load, client), destination, time).RunAsync(cancel);
    }

    private async Task<AuditedTable> CompareAsync(TableJob job, TableReport read, CancellationToken cancel)
    {
        var table = new AuditedTable
        {
            Source = job.Source.ToString(),
            Table = $"{job.Schema}.{job.Table}",
            Note = read.Gaps is [var gap, ..] ? $"Customer.io's side is incomplete: {gap}" : null,
        };
        if (read.Outcome is TableOutcome.Failed or TableOutcome.Cancelled)
        {
            return table with { Failed = true, Note = read.Error ?? "stopped" };
        }

        await using var theirs = await OpenAsync(scratch, job, cancel);
        await using var ours = await OpenAsync(destination, job, cancel);
        return ours is null
            ? table with { AtCustomerIo = read.Rows, Missing = read.Rows, Note = "the destination has no such table" }
            : await new TableComparison(theirs!, ours) { Only = PartOf(job, read), Events = await EventMetrics.OfAsync(destination, job, cancel) }
                .RunAsync(table, cancel);
    }

    private static async Task<OrderedRows?> OpenAsync(IDestination place, TableJob job, CancellationToken cancel) =>
        await place.ReadTableAsync(job.Schema, job.Table, job.PrimaryKey, cancel) is { } reader ? new OrderedRows(reader, job.PrimaryKey) : null;

    private static (string Column, DateTimeOffset From, DateTimeOffset? To)? PartOf(TableJob job, TableReport read) =>
        job.Resource switch
        {
            { Window: { } window } when job.Settings.Interval is { IsAll: false } interval => (
                window.Column,
                interval.Start ?? DateTimeOffset.MinValue,
                interval.End),
            { Forgets: true, NewestFirstBy: { } column } => (column, read.Until!.Value.AddDays(-29), null),
            _ => null,
        };

    private static int ExitCodeOf(RunReport read, List<AuditedTable> tables, RunReport? repaired) =>
        tables.Any(table => table.Failed) ? ExitCode.Of(read.Tables)
        : repaired is not null ? repaired.ExitCode
        : tables.Any(table => table.Differs) ? ExitCode.Partial
        : ExitCode.Done;
}

/// <summary>What an audit found: how each table differs from what Customer.io has now.</summary>
public sealed record AuditReport
{
    /// <summary>The destination, without passwords.</summary>
    public required string Destination { get; init; }

    /// <summary>The tables in the requested order.</summary>
    public required IReadOnlyList<AuditedTable> Tables { get; init; }

    /// <summary>The loaded tables that were not compared, each with the reason.</summary>
    public IReadOnlyList<string> LeftOut { get; init; } = [];

    /// <summary>HTTP requests of the audit, retries included.</summary>
    public long Requests { get; init; }

    /// <summary>The repair's report; null if there was none.</summary>
    public RunReport? Repair { get; init; }

    /// <summary>The exit code: 7 if there are differences left, or that of an error.</summary>
    public int ExitCode { get; init; }
}

/// <summary>How one table differs from what Customer.io has now.</summary>
public sealed record AuditedTable
{
    /// <summary>The requested table.</summary>
    public required string Source { get; init; }

    /// <summary>The destination table with its schema.</summary>
    public required string Table { get; init; }

    /// <summary>Rows that Customer.io has, each key once.</summary>
    public long AtCustomerIo { get; init; }

    /// <summary>Compared rows of the table that are not marked as deleted.</summary>
    public long InTable { get; init; }

    /// <summary>Rows that Customer.io has and that are missing from the table or marked as deleted.</summary>
    public long Missing { get; init; }

    /// <summary>Rows of the table that Customer.io does not have.</summary>
    public long Extra { get; init; }

    /// <summary>Rows that both have and that differ in a column.</summary>
    public long Stale { get; init; }

    /// <summary>The first few differing rows, each with its key and the difference.</summary>
    public IReadOnlyList<string> Examples { get; init; } = [];

    /// <summary>Why the table was not compared, or a remark on the comparison; null otherwise.</summary>
    public string? Note { get; init; }

    /// <summary>Whether the comparison could not be made.</summary>
    public bool Failed { get; init; }

    /// <summary>Whether anything differs.</summary>
    public bool Differs => Missing + Extra + Stale > 0;
}
