using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Sluice.Engine.Catalog;
using Sluice.Engine.Load;
using Sluice.Engine.Load.Staging;
using Sluice.Engine.Runs;
using Sluice.Engine.Shape;
using Sluice.Engine.Spool;
using Sluice.Engine.State;

namespace Sluice.Engine.Webhooks;

/// <summary>Where the events of a workspace go.</summary>
public sealed record FoldTarget
{
    /// <summary>The workspace's name.</summary>
    public required string Workspace { get; init; }

    /// <summary>The request of the sync: folders, masks and the pair that it is locked by.</summary>
    public required IngestRequest Request { get; init; }

    /// <summary>The schema of the table with the events.</summary>
    public required string Schema { get; init; }

    /// <summary>The table of messages that events are folded into; null when there is none.</summary>
    public TableJob? Messages { get; init; }

    /// <summary>What is to be hidden: the masks of all syncs that take the workspace's events.</summary>
    public required EventMasking Masks { get; init; }

    /// <summary>Whether events can be folded into a table: rows are merged, and known by the delivery alone or with its workspace.</summary>
    public static bool Takes(TableJob job) => WebhookRules.Takes(job);
}

/// <summary>What a fold did.</summary>
/// <param name="Events">What was done with the events.</param>
/// <param name="Messages">What was done with the rows of messages; null when there is no such table.</param>
/// <param name="DraftsAlone">The ids of drafts whose deliveries have nothing else, so that they made no row.</param>
public sealed record FoldReport(LoadResult Events, LoadResult? Messages, IReadOnlyList<string> DraftsAlone);

/// <summary>Brings a batch of events into a destination: their own table, and what they change of deliveries, visible together.</summary>
/// <param name="destination">Where to; nobody else may be loading it, which <see cref="RunLock"/> sees to.</param>
/// <param name="target">The tables.</param>
/// <param name="time">The clock.</param>
public sealed class EventFold(IDestination destination, FoldTarget target, TimeProvider time)
{
    private const string Feed = LedgerLine.OfWebhooks;
    private const string DraftFeed = "drafts";

    private readonly string _runId = string.Create(
        CultureInfo.InvariantCulture, $"{time.GetUtcNow():yyyyMMdd'T'HHmmss'Z'}-{Guid.NewGuid().ToString("N")[..6]}");

    /// <summary>The fold's id, which every row carries in <c>_sluice_run_id</c>.</summary>
    public string RunId => _runId;

    /// <summary>Folds a batch; doing it again changes nothing.</summary>
    /// <param name="events">The events in the order in which they came.</param>
    /// <param name="drafts">Drafts that came before and made no row.</param>
    /// <param name="cancel">Stops before the commit; afterwards it is done.</param>
    /// <exception cref="SluiceException">The destination refuses, or masks something that the request does not.</exception>
    public async Task<FoldReport> RunAsync(IReadOnlyList<ReceivedEvent> events, IReadOnlyList<ReceivedEvent> drafts, CancellationToken cancel)
    {
        await RequireMasksAsync(cancel);
        var folder = Path.Combine(target.Request.WorkFolder, "webhooks", target.Request.PairId);
        Directory.CreateDirectory(folder);
        try
        {
            using var lines = new EventLines(folder, LoadId(events), target.Workspace, target.Masks);
            foreach (var received in events)
            {
                lines.Add(received);
            }

            foreach (var draft in drafts)
            {
                lines.AddDraft(draft);
            }

            return await LoadAsync(lines, events, cancel);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task RequireMasksAsync(CancellationToken cancel)
    {
        if (target.Messages is { } messages)
        {
            var request = target.Request with { Tables = [messages], NamedColumns = [] };
            RememberedMasks.Require(request, await ColumnSnapshot.ReadAsync(request, destination, cancel));
        }
    }

    private async Task<FoldReport> LoadAsync(EventLines lines, IReadOnlyList<ReceivedEvent> events, CancellationToken cancel)
    {
        var files = lines.Close();
        await using var area = new StagingArea(destination);
        await using var first = await FeedLoad.BeginAsync(area, null, EventsTarget(events), EventsShape, files.Events, cancel);
        var loads = new List<FeedLoad> { first };
        try
        {
            if (target.Messages is { } job)
            {
                await destination.LockAsync(job.Schema, job.Table, cancel);
                loads.Add(await FeedLoad.BeginAsync(area, first, MessagesTarget(job, events, Feed), MessagesShape(job), files.Changes, cancel));
                loads.Add(
                    await FeedLoad.BeginAsync(
                        area, first, MessagesTarget(job, events, DraftFeed) with { OnlyKnown = true }, MessagesShape(job), files.Drafts, cancel));
            }

            loads.RemoveAll(load => load != first && load.Records == 0);
            var results = await CommitAsync(loads, lines, events, cancel);
            return new FoldReport(results[0], target.Messages is null ? null : Sum(results.Skip(1)), lines.DraftsAlone);
        }
        finally
        {
            foreach (var load in loads.Skip(1))
            {
                await load.DisposeAsync();
            }
        }
    }

    // A destination may refuse values only when it is given them: they are rejected, and it is tried again.
    private static async Task<IReadOnlyList<LoadResult>> CommitAsync(
        List<FeedLoad> loads, EventLines lines, IReadOnlyList<ReceivedEvent> events, CancellationToken cancel)
    {
        while (true)
        {
            var parts = new List<(StagedLoad Load, Checkpoint Checkpoint)>();
            foreach (var load in loads)
            {
                parts.Add((load.Load, await load.PrepareAsync(lines, events, cancel)));
            }

            if (await StagedLoad.CommitTogetherAsync(parts, cancel) is { } results)
            {
                return results;
            }
        }
    }

    private static LoadResult Sum(IEnumerable<LoadResult> results) => results.Aggregate(new LoadResult(), (sum, one) => sum with
    {
        Loaded = sum.Loaded + one.Loaded,
        Unchanged = sum.Unchanged + one.Unchanged,
        Rejected = sum.Rejected + one.Rejected,
        TableRows = one.TableRows,
    });

    private ShapeOptions EventsShape => new()
    {
        Resource = EventColumns.Flat,
        Table = $"{target.Schema}.{EventColumns.Table}",
        PrimaryKey = EventColumns.Flat.PrimaryKey,
    };

    private static ShapeOptions MessagesShape(TableJob job) => new()
    {
        Resource = job.Resource,
        Table = job.Place,
        PrimaryKey = job.PrimaryKey,
        TypeOverrides = job.TypeOverrides,
        Only = job.Only,
        Without = job.Without,
        Flattening = job.Flattening,
        Renames = job.Renames,
        Contract = job.Settings.Contract,
    };

    // An event that comes again, days later, was received when it came first.
    private LoadTarget EventsTarget(IReadOnlyList<ReceivedEvent> events) => Target(target.Schema, EventColumns.Table, events, Feed) with
    {
        PrimaryKey = EventColumns.Flat.PrimaryKey,
        Docs = TableDocs.Of(EventColumns.Flat, new Dictionary<string, string>()),
        Rules = EventColumns.Flat.Columns.ToDictionary(column => column.Name, _ => MergeRule.Fill, StringComparer.OrdinalIgnoreCase),
    };

    private LoadTarget MessagesTarget(TableJob job, IReadOnlyList<ReceivedEvent> events, string feed) =>
        Target(job.Schema, job.Table, events, feed) with
        {
            PrimaryKey = job.PrimaryKey,
            Rules = WebhookRules.OfEvents(job),
            KeepsVersions = job.KeepsVersions,
            Docs = TableDocs.Of(job.Resource, job.Renames),
        };

    private LoadTarget Target(string schema, string table, IReadOnlyList<ReceivedEvent> events, string feed) => new()
    {
        Schema = schema,
        Table = table,
        Strategy = Strategy.Merge,
        PrimaryKey = [],
        Feed = feed,
        StageFolder = target.Request.StageFolder,
        RunId = _runId,
        LoadId = $"{LoadId(events)}-{feed}",
        LoadedAt = time.GetUtcNow(),
    };

    // The same events make the same load: a crash between commit and the end of the inbox's rows does nothing twice.
    private static string LoadId(IReadOnlyList<ReceivedEvent> events)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var received in events)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(received.EventId + "\n"));
        }

        return $"webhooks-{Convert.ToHexStringLower(hash.GetHashAndReset())[..24]}";
    }

    /// <summary>One of the loads of a fold.</summary>
    private sealed class FeedLoad(StagedLoad load, Shaper shaper, LoadTarget target, Segment lines) : IAsyncDisposable
    {
        public StagedLoad Load => load;

        public long Records => lines.Rows;

        public static async Task<FeedLoad> BeginAsync(
            StagingArea area, FeedLoad? first, LoadTarget target, ShapeOptions shape, Segment lines, CancellationToken cancel)
        {
            var load = first is null ? await area.BeginLoadAsync(target, cancel) : await area.BeginBesideAsync(first.Load, target, cancel);
            try
            {
                var shaper = new Shaper(shape with { Known = load.KnownColumns, Names = load.Names });
                await load.RequireFitAsync(shaper.Columns, cancel);
                if (lines.Rows > 0)
                {
                    await load.WriteAsync(shaper.Shape(lines), null, cancel);
                }

                return new FeedLoad(load, shaper, target, lines);
            }
            catch
            {
                await load.DisposeAsync();
                throw;
            }
        }

        public async Task<Checkpoint> PrepareAsync(EventLines events, IReadOnlyList<ReceivedEvent> batch, CancellationToken cancel)
        {
            var staged = await load.PrepareAsync(shaper.Columns, cancel);
            var isEvents = target.Table == EventColumns.Table;
            return new Checkpoint
            {
                State = isEvents ? State(batch) : null,
                Ledger = new LedgerLine
                {
                    Source = LedgerLine.OfWebhooks,
                    Fetched = staged.Rows + staged.Doubled,
                    Reasons = [.. isEvents ? Reasons(events, batch) : target.OnlyKnown ? Drafts(staged.Rows) : []],
                },
            };
        }

        public ValueTask DisposeAsync() => load.DisposeAsync();

        private TableState State(IReadOnlyList<ReceivedEvent> batch) => new()
        {
            Table = target.Table,
            Source = LedgerLine.OfWebhooks,
            Until = batch.Max(received => received.ReceivedAt),
            RunId = target.RunId,
        };

        private static IEnumerable<string> Drafts(long rows)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture, $"{rows} drafts change rows that are there, and make no new ones.");
        }

        private static IEnumerable<string> Reasons(EventLines events, IReadOnlyList<ReceivedEvent> batch)
        {
            if (events.Unreadable > 0)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"{events.Unreadable} bodies were no JSON: only their length is kept.");
            }

            if (batch.Count(received => received.IsCut) is var cut and > 0)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"{cut} bodies were longer than 1 MB: long values were left out.");
            }
        }
    }
}
