using System.Text.Json;
using Sluice.Engine.Catalog;
using Sluice.Engine.Extract;
using Sluice.Engine.Load;
using Sluice.Engine.Load.Staging;
using Sluice.Engine.Runs;
using Sluice.Engine.Shape;
using Sluice.Engine.Spool;
using Sluice.Tests.Spool;
using Xunit;

namespace Sluice.ServerTests.Destinations;

/// <summary>
/// Brings records to a destination on the way that an ingest takes: spool, shaper, stage, destination. Each load is a run of its own.
/// </summary>
internal sealed class LoadHarness(DestinationPlace place)
{
    public const string Schema = "crm";

    private int _runs;

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static DateTimeOffset Began { get; } = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    public static Resource Table(params Column[] columns) => new()
    {
        Name = "things",
        Doc = "",
        DocsUrl = "",
        Path = "/v1/things",
        RootKeys = ["things"],
        PrimaryKey = ["id"],
        Columns = [Is("id", ColumnType.Bigint), .. columns],
    };

    public static Column Is(string name, ColumnType type) => new(name, type, "");

    public static TableJob Job(Resource resource, Strategy strategy) => new()
    {
        Source = new TableName(resource.Name, null),
        Resource = resource,
        Schema = Schema,
        Table = resource.Name,
        Strategy = strategy,
        PrimaryKey = resource.PrimaryKey,
    };

    public string WorkFolder { get; init; } = Path.Combine(place.Folder, "work");

    public Task<IDestination> OpenAsync() => place.OpenAsync(place.Uri, Cancel);

    /// <summary>Loads one segment for each list of records, and fails when the table does.</summary>
    public async Task<TableReport> LoadAsync(TableJob job, LoadScenario wish, params IReadOnlyList<string>[] segments)
    {
        var report = await TryLoadAsync(place.Uri, job, wish, segments);
        Assert.True(report.Outcome is TableOutcome.Done or TableOutcome.Partial, $"{report.Error} {report.Hint}");
        return report;
    }

    public async Task<TableReport> TryLoadAsync(string uri, TableJob job, LoadScenario wish, params IReadOnlyList<string>[] segments)
    {
        var number = Interlocked.Increment(ref _runs);
        await using var spool = PageSpool.Open(Path.Combine(WorkFolder, $"spool-{number}"), new SpoolHeader("question", Began), segmentBytes: 1);
        await FillAsync(spool, segments);
        await using var destination = await place.OpenAsync(uri, Cancel);
        return await LoadAsync(
            destination,
            job,
            wish,
            new SpooledExtraction(new Extraction(new ExtractionKey(job.Resource.Name, null), job.Resource), spool),
            $"run {number}");
    }

    public async Task<TableReport> LoadAsync(IDestination destination, TableJob job, LoadScenario wish, SpooledExtraction feed, string runId)
    {
        var request = new IngestRequest
        {
            Tables = [job with { Settings = job.Settings with { Contract = wish.Contract, Deletes = wish.Deletes, FullRefresh = wish.FullRefresh } }],
            PairId = "test",
            WorkFolder = WorkFolder,
            AllowPartial = true,
        };
        await using var context = new LoadContext(request, destination, TimeProvider.System, runId)
        {
            Columns = job.Settings.Unmask.Count > 0 ? await ColumnSnapshot.ReadAsync(request, destination, Cancel) : ColumnSnapshot.None,
        };
        var loader = new TableLoader(request.Tables[0], [feed], context);
        await loader.BeginAsync(Cancel);
        return await loader.RunAsync(
            new Dictionary<SpooledExtraction, SegmentCleanup> { [feed] = new(feed, 1, keepsAll: true) },
            new TableProgress(job.Table, [feed]),
            Cancel);
    }

    /// <summary>All rows in the order of their key, by column; null when there is no table.</summary>
    public async Task<List<Dictionary<string, object?>>?> ReadAsync(string table = "things", params string[] orderBy)
    {
        await using var destination = await OpenAsync();
        return await ReadAsync(destination, table, orderBy.Length > 0 ? orderBy : ["id"]);
    }

    public static async Task<List<Dictionary<string, object?>>?> ReadAsync(IDestination destination, string table, params string[] orderBy)
    {
        await using var reader = await destination.ReadTableAsync(Schema, table, orderBy, Cancel);
        if (reader is null)
        {
            return null;
        }

        var rows = new List<Dictionary<string, object?>>();
        while (await reader.ReadAsync(Cancel))
        {
            rows.Add(Enumerable.Range(0, reader.FieldCount).ToDictionary(
                reader.GetName, place => reader.IsDBNull(place) ? null : reader.GetValue(place), StringComparer.Ordinal));
        }

        return rows;
    }

    /// <summary>The rows without Sluice's own columns, as text that can be compared: one line a row.</summary>
    public async Task<List<string>> LinesAsync(params string[] columns) => [.. (await ReadAsync() ?? []).Select(row => Line(row, columns))];

    public static string Line(Dictionary<string, object?> row, params string[] columns) =>
        string.Join(
            '|',
            row.Where(value => columns.Length == 0 ? !value.Key.StartsWith("_sluice_", StringComparison.Ordinal) : columns.Contains(value.Key))
                .Select(value => Text(value.Value)));

    public LoadTarget Target(TableJob job, string loadId) => new()
    {
        Schema = job.Schema,
        Table = job.Table,
        Strategy = job.Strategy,
        PrimaryKey = job.PrimaryKey,
        StageFolder = Path.Combine(WorkFolder, "stage", loadId),
        RunId = $"run of {loadId}",
        LoadId = loadId,
        LoadedAt = Began.AddHours(12),
    };

    public static Checkpoint Checkpoint(TableJob job, string runId, long fetched) => new()
    {
        State = new Engine.State.TableState { Table = job.Table, Source = job.Source.ToString(), Until = Began, RunId = runId },
        Ledger = new LedgerLine { Source = job.Source.ToString(), Fetched = fetched },
    };

    /// <summary>A segment in a file of its own, shaped for a load.</summary>
    public ShapedSegment Shape(StagedLoad load, TableJob job, string package, IReadOnlyList<string> records)
    {
        var draft = Pages.Draft("all", null, [.. records]);
        var path = Path.Combine(Directory.CreateDirectory(WorkFolder).FullName, $"{package.Replace('/', '-')}-{Guid.NewGuid():N}.ndjson");
        File.WriteAllBytes(path, draft.Lines.Span);
        var segment = new Segment(1, path, package) { Length = draft.Lines.Length, Rows = draft.Rows, LargestRecord = draft.LargestRecord };
        segment.Fields.Add(draft.Fields);
        var options = new ShapeOptions
        {
            Resource = job.Resource,
            Table = "crm.things",
            PrimaryKey = job.PrimaryKey,
            Known = load.KnownColumns,
            Names = load.Names,
        };
        return new Shaper(options).Shape(segment);
    }

    private static string Text(object? value) => value switch
    {
        null => "NULL",
        DateTimeOffset time => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF", System.Globalization.CultureInfo.InvariantCulture),
        string text when text.StartsWith('{') || text.StartsWith('[') => Json(text),
        _ => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!,
    };

    // Spaces and the order of keys are the destination's business.
    private static string Member(KeyValuePair<string, System.Text.Json.Nodes.JsonNode?> member) =>
        $"\"{member.Key}\":{member.Value?.ToJsonString() ?? "null"}";

    private static string Json(string text)
    {
        try
        {
            var node = System.Text.Json.Nodes.JsonNode.Parse(text)!;
            return node is System.Text.Json.Nodes.JsonObject keys
                ? $"{{{string.Join(',', keys.OrderBy(key => key.Key, StringComparer.Ordinal).Select(Member))}}}"
                : node.ToJsonString();
        }
        catch (JsonException)
        {
            return text;
        }
    }

    private static async Task FillAsync(PageSpool spool, IReadOnlyList<string>[] segments)
    {
        await using var sealedOnes = spool.SegmentsAsync(Cancel).GetAsyncEnumerator(Cancel);
        foreach (var records in segments)
        {
            await spool.AppendAsync(Pages.Draft("all", null, [.. records]), Cancel);

            // Pages that are written together share a segment: wait until this one is sealed.
            await sealedOnes.MoveNextAsync();
        }

        await spool.CompleteAsync(Cancel);
    }
}
