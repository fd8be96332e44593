using Sluice.CustomerIo;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.DuckDb;
using Sluice.Engine.Extract;
using Sluice.Engine.Runs;
using Sluice.Engine.Shape;
using Sluice.Engine.Spool;
using Sluice.Sql.Tables;

namespace Sluice.Sql.Fetching;

/// <summary>Rows that one reading has brought, as Parquet files.</summary>
/// <param name="Reading">What was asked for.</param>
/// <param name="Files">The files, in the order of the rows.</param>
/// <param name="Rows">How many rows they have.</param>
/// <param name="Requests">Requests that it took.</param>
internal sealed record Fragment(Reading Reading, IReadOnlyList<string> Files, long Rows, long Requests)
{
    /// <summary>Values that did not fit their column and are NULL.</summary>
    public long Rejected { get; init; }

    /// <summary>Whether a person who was asked for is gone, whose rows only the list of everybody may have.</summary>
    public bool IsMissingPeople { get; init; }

    /// <summary>The file with the list as it came, when it leads to other tables; null otherwise.</summary>
    public string? List { get; init; }

    /// <summary>How long ago an earlier query has fetched it; null when this one has.</summary>
    public TimeSpan? Age { get; init; }
}

/// <summary>Asks Customer.io for what a reading says: the same extractions as an ingest with these options makes.</summary>
/// <param name="client">The way to the workspace.</param>
/// <param name="tables">The tables.</param>
/// <param name="lists">Lists that lead to other tables, which are read once.</param>
/// <param name="connection">A DuckDB that may write into the query's folder.</param>
internal sealed class Fetcher(CustomerIoClient client, LiveTables tables, ParentLists lists, InterruptibleConnection connection)
{
    private const int Parallelism = 24;

    /// <summary>The time by Customer.io's clock.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Called for each page with the requests and rows of the reading so far.</summary>
    public Action<Reading, long, long>? Progress { get; init; }

    /// <summary>Reads, and gives the rows once all of them are there.</summary>
    /// <param name="reading">What to ask for.</param>
    /// <param name="folder">Where the files go.</param>
    /// <param name="mostRequests">Requests after which it is given up.</param>
    /// <param name="cancel">Stops between pages.</param>
    /// <exception cref="SluiceException">Customer.io refused or failed, or something is missing.</exception>
    public async Task<Fragment> FetchAsync(Reading reading, string folder, long mostRequests, CancellationToken cancel)
    {
        if (reading.IsWhole && Leads(reading.Resource))
        {
            return await FromListAsync(reading, folder, cancel);
        }

        if (reading.IsCounted)
        {
            var parent = tables.Catalog.Find(reading.Resource.Parent!.Resource)!;
            return await new CountedRows(client, parent, lists, connection).FetchAsync(reading, folder, cancel);
        }

        var extraction = ExtractionOf(reading);
        var writer = new SegmentParquet(connection, ShapeOf(reading));
        var runs = new List<ExtractionRun>();
        using var sink = new FragmentSink(writer, folder, Now, reading.MostRows) { PageCame = () => Check(reading, runs, mostRequests) };
        runs.Add(new ExtractionRun(extraction, sink, Lead(extraction.Parent, runs)));
        await ReadAsync(runs, sink, cancel);
        RequireWhole(reading, sink);
        var files = Directory.GetFiles(folder, "*.parquet");
        Array.Sort(files, StringComparer.Ordinal);

        return new Fragment(reading, files, sink.Rows, runs.Sum(RequestsOf))
        {
            Rejected = writer.Rejected,
            IsMissingPeople = reading.IsOfPeople && sink.Skips.Count > 0,
        };
    }

    // Counters know of answers; a parent that is nobody's was asked for, too, on the way to its children as well.
    private static long RequestsOf(ExtractionRun run) =>
        run.Counters.Requests + (run.Extraction.Resource.Batch is null ? ((PageSink)run.Sink).Skips.Count : 0);

    /// <summary>Whether a list has been read already for what it leads to.</summary>
    public bool HasList(Reading reading) => lists.Find(ExtractionOf(reading).Key) is not null;

    /// <summary>Takes a list that an earlier query has read.</summary>
    public async Task KnowListAsync(Fragment fragment, CancellationToken cancel)
    {
        var key = ExtractionOf(fragment.Reading).Key;
        if (fragment.List is not { } file || lists.Find(key) is not null)
        {
            return;
        }

        var sink = new MemoryPageSink(Now);
        var page = new PageDraft("all") { Last = true };
        await foreach (var line in File.ReadLinesAsync(file, cancel))
        {
            page.Add(System.Text.Encoding.UTF8.GetBytes(line));
        }

        await sink.AppendAsync(page, cancel);
        await sink.CompleteAsync(cancel);
        await lists.KeepAsync(key, sink, cancel);
    }

    /// <summary>Reads a list that leads to other tables, for them alone.</summary>
    public async Task<long> ReadListAsync(Resource resource, CancellationToken cancel)
    {
        var table = tables.OfResource(resource);
        var extraction = ExtractionOf(new Reading(table, resource));
        var sink = new MemoryPageSink(Now);
        var run = new ExtractionRun(extraction, sink);
        await run.ReadAsync(Context, cancel);
        await EndAsync(sink.ReadToEndAsync(cancel), table.Name);
        await lists.KeepAsync(extraction.Key, sink, cancel);
        return run.Counters.Requests;
    }

    /// <summary>Whether other tables are read for the rows of a list: it is kept as it came, for it tells what they cost, and they need it.</summary>
    public bool Leads(Resource resource) =>
        resource is { Reading: ReadingKind.List, SharedWith: null, Parent: null }
        && tables.Catalog.Resources.Any(other => other.Parent?.Resource == resource.Name);

    private async Task<Fragment> FromListAsync(Reading reading, string folder, CancellationToken cancel)
    {
        var key = ExtractionOf(reading).Key;
        var requests = lists.Find(key) is null ? await ReadListAsync(reading.Resource, cancel) : 0;
        var sink = lists.Find(key)!;
        var segment = new Segment(1, Segment.PathIn(folder, 1), key.Title) { Rows = sink.Rows, Length = sink.Bytes };
        segment.Fields.Add(sink.Fields);
        await using (var file = new FileStream(segment.Path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0))
        {
            await foreach (var page in sink.PagesAsync(cancel))
            {
                await file.WriteAsync(page, cancel);
                segment.LargestRecord = Math.Max(segment.LargestRecord, page.Length);
            }
        }

        var writer = new SegmentParquet(connection, ShapeOf(reading));
        var path = Path.ChangeExtension(segment.Path, ".parquet");
        if (sink.Rows > 0)
        {
            await writer.WriteAsync(segment, path, cancel);
        }

        return new Fragment(reading, sink.Rows > 0 ? [path] : [], sink.Rows, requests) { Rejected = writer.Rejected, List = segment.Path };
    }

    private ExtractContext Context => new(client, Parallelism);

    private Extraction ExtractionOf(Reading reading)
    {
        var job = JobOf(reading);
        var request = new IngestRequest { Tables = [job], PairId = "query", Catalog = tables.Catalog };
        var planned = ExtractionPlan.For(request, StateSnapshot.None, Now).Of(job);
        return new Extraction(planned.Key, WithoutCounts(planned.Resource))
        {
            Range = reading.Since is { } since ? new ExtractionRange(since, null) : planned.Range,
            Limit = reading.MostRows,
            Parent = planned.Parent,
        };
    }

    // What is counted beside its pages costs a request each, for a number that pages tell as well.
    private static Resource WithoutCounts(Resource resource) => resource.Count?.Path is null ? resource : resource with { Count = null };

    private static TableJob JobOf(Reading reading) => new()
    {
        Source = new TableName(reading.Resource.Name, reading.Table.Source.Period),
        Resource = ConfiguredResource.With(reading.Resource, reading.Options, reading.Where),
        Table = reading.Table.Name,
        Strategy = Strategy.Replace,
        PrimaryKey = reading.Resource.PrimaryKey,
        Options = reading.Options,
        Where = reading.Where,
        Settings = new TableSettings { Interval = reading.Interval },
    };

    private static ShapeOptions ShapeOf(Reading reading)
    {
        var job = JobOf(reading);
        return new ShapeOptions
        {
            Resource = job.Resource,
            Table = reading.Table.Name,
            Only = ColumnsOf(reading).ToHashSet(StringComparer.Ordinal),
        };
    }

    /// <summary>The columns of a table that a reading brings.</summary>
    public static IReadOnlyList<string> ColumnsOf(Reading reading)
    {
        var parents = reading.Resource.Parent?.Columns.Keys ?? [];
        var has = reading.IsCounted ? parents : reading.Resource.Columns.Select(column => column.Name).Concat(parents);
        return [.. reading.Table.Columns.Select(column => column.Name).Intersect(has, StringComparer.Ordinal)];
    }

    private ExtractionRun? Lead(Extraction? parent, List<ExtractionRun> runs)
    {
        if (parent is null)
        {
            return null;
        }

        if (lists.Find(parent.Key) is { } known)
        {
            return new ExtractionRun(parent, known);
        }

        var run = new ExtractionRun(parent, new MemoryPageSink(Now), Lead(parent.Parent, runs));
        runs.Add(run);
        return run;
    }

    private async Task ReadAsync(List<ExtractionRun> runs, FragmentSink sink, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var reading = Task.WhenAll(runs.Select(run => run.ReadAsync(Context, stop.Token)));
        try
        {
            await EndAsync(sink.ReadToEndAsync(cancel), runs[^1].Extraction.Key.Title);
        }
        finally
        {
            await stop.CancelAsync();
            await reading;
        }

        foreach (var run in runs.Where(run => run.Sink is MemoryPageSink { IsComplete: true }))
        {
            await lists.KeepAsync(run.Extraction.Key, (MemoryPageSink)run.Sink, cancel);
        }
    }

    private static async Task EndAsync(Task reading, string table)
    {
        try
        {
            await reading;
        }
        catch (ExtractionFailedException failed) when (failed.InnerException is OperationCanceledException stopped)
        {
            throw new OperationCanceledException("Stopped on request.", stopped);
        }
        catch (ExtractionFailedException failed)
        {
            throw SluiceException.From(failed, table);
        }
    }

    private void Check(Reading reading, List<ExtractionRun> runs, long mostRequests)
    {
        var requests = runs.Sum(run => run.Counters.Requests);
        Progress?.Invoke(reading, requests, runs[^1].Counters.Rows);
        if (requests > mostRequests)
        {
            throw TooManyRequests.While(reading, requests);
        }
    }

    // A key that stands in the query may be nobody's. One that Customer.io has just listed is another matter.
    private static void RequireWhole(Reading reading, FragmentSink sink)
    {
        var skips = sink.Skips;
        if (skips.Count > 0 && reading.Where.IsEmpty)
        {
            throw new SluiceException(
                SluiceErrorKind.Api,
                $"{reading.Table.Name} can't be answered whole: {skips.Values.Order(StringComparer.Ordinal).First()}"
                    + (skips.Count > 1 ? $" (and {skips.Count - 1} more)" : ""),
                "Run the query again: what was deleted meanwhile is no longer listed then.")
            {
                IsTransient = true,
            };
        }

        if (sink.Counted.Short is [{ } first, ..])
        {
            throw new SluiceException(
                SluiceErrorKind.Api,
                $"{reading.Table.Name} can't be answered whole: {first.Name} has {first.Expected} rows and {first.Rows} came.",
                "Run the query again.")
            {
                IsTransient = true,
            };
        }
    }
}
