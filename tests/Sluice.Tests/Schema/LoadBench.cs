using Sluice.Destinations;
using Sluice.Engine.Catalog;
using Sluice.Engine.Extract;
using Sluice.Engine.Load;
using Sluice.Engine.Runs;
using Sluice.Engine.Spool;
using Sluice.Tests.DuckDb;
using Sluice.Tests.Spool;

namespace Sluice.Tests.Schema;

/// <summary>
/// Loads records into a DuckDB file on the way that an ingest takes: spool, shaper, destination; one segment for each list of records.
/// </summary>
internal sealed class LoadBench : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sluice-load-").FullName;
    private int _runs;

    public string File => Path.Combine(_folder, "out.duckdb");

    public static TableJob Job(Resource resource, Strategy strategy = Strategy.Merge, string schema = "crm") => new()
    {
        Source = new TableName(resource.Name, null),
        Resource = resource,
        Schema = schema,
        Table = resource.Name,
        Strategy = strategy,
        PrimaryKey = resource.PrimaryKey,
    };

    public Task<IDestination> OpenAsync() => DestinationRegistry.OpenAsync($"duckdb:///{File}", default);

    public async Task<TableReport> LoadAsync(TableJob job, SchemaContract contract, params IReadOnlyList<string>[] segments)
    {
        var number = ++_runs;
        await using var spool = PageSpool.Open(
            Path.Combine(_folder, $"spool-{number}"),
            new SpoolHeader("question", new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero)),
            segmentBytes: 1);
        await FillAsync(spool, segments);
        var feed = new SpooledExtraction(new Extraction(new ExtractionKey(job.Resource.Name, null), job.Resource), spool);
        await using var destination = await OpenAsync();
        var request = new IngestRequest
        {
            Tables =
            [
                job with
                {
                    Settings = new() { Contract = contract, Deletes = DeletePolicy.Ignore },
                },
            ],
            PairId = "test",
        };
        await using var context = new LoadContext(request, destination, TimeProvider.System, $"run {number}");
        var loader = new TableLoader(request.Tables[0], [feed], context);
        await loader.BeginAsync(default);
        return await loader.RunAsync(
            new Dictionary<SpooledExtraction, SegmentCleanup> { [feed] = new(feed, 1, keepsAll: true) },
            new TableProgress(job.Table, [feed]),
            default);
    }

    public static LoadTarget Target(TableJob job, string runId, string loadId) => new()
    {
        Schema = job.Schema,
        Table = job.Table,
        Strategy = job.Strategy,
        PrimaryKey = job.PrimaryKey,
        StageFolder = Path.GetTempPath(),
        RunId = runId,
        LoadId = loadId,
        LoadedAt = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero),
    };

    /// <summary>Rows of values as text, NULL as null.</summary>
    public List<string?[]> Query(string sql)
    {
        using var connection = Database.File(File);
        return
        [
            .. connection
                .Rows(sql)
                .Select(row =>
                    row.Select(value => value is null or DBNull ? null : Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture))
                        .ToArray()),
        ];
    }

    public void Execute(string sql)
    {
        using var connection = Database.File(File);
        connection.Execute(sql);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task FillAsync(PageSpool spool, IReadOnlyList<string>[] segments)
    {
        await using var sealedOnes = spool.SegmentsAsync(default).GetAsyncEnumerator();
        foreach (var records in segments)
        {
            await spool.AppendAsync(Pages.Draft("all", null, [.. records]), default);

            // Pages that are written together share a segment: wait until this one is sealed.
            await sealedOnes.MoveNextAsync();
        }

        await spool.CompleteAsync(default);
    }
}
