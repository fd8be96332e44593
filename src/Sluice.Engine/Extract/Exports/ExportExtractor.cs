using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using Sluice.Engine.Catalog;

namespace Sluice.Engine.Extract.Exports;

/// <summary>Reads by exports, a few side by side: Customer.io makes them one after the other anyway.</summary>
internal sealed class ExportExtractor(ExtractionRun run, ExtractContext context) : IExtractor
{
    private const int AtATime = 3;

    public async Task RunAsync(CancellationToken cancel)
    {
        var requests = new ExportApi(run, context);
        using var asking = new ExportCreation(run, context, requests);
        var read = new ExportFileReader(run, context, requests, asking);
        var options = new ParallelOptions { MaxDegreeOfParallelism = Math.Min(AtATime, context.Parallelism), CancellationToken = cancel };
        await Parallel.ForEachAsync(Questions(cancel), options, async (question, token) => await read.RunAsync(question, token));
    }

    private IAsyncEnumerable<ExportRequest> Questions(CancellationToken cancel) =>
        run.Extraction.Resource.ExportParents.Count > 0
            ? new DeliveryExportRequests(run).AllAsync(cancel)
            : new PeopleExportRequests(run, context).AllAsync(cancel);
}

/// <summary>One export to ask Customer.io for.</summary>
/// <param name="Partition">Its name in the manifest: the same in a run that goes on.</param>
/// <param name="Title">What it is, for people.</param>
/// <param name="Body">The body of the POST.</param>
/// <param name="Injected">What all of its rows have besides the file's columns, as raw JSON by field.</param>
internal sealed record ExportRequest(string Partition, string Title, ReadOnlyMemory<byte> Body, IReadOnlyDictionary<string, string> Injected);

/// <summary>
/// The questions of an export of deliveries: one for each newsletter, campaign, action or transactional message, and each window of its time, both
/// ends always named, for the API cuts what is open or longer than a year without a word.
/// </summary>
internal sealed class DeliveryExportRequests(ExtractionRun run)
{
    private const string All = "all";

    private readonly ParentBinding _binding =
        run.Extraction.Resource.Parent ?? throw new InvalidOperationException($"{run.Extraction.Key} was planned without a parent.");

    private string Kind => _binding.Route.Keys.First();

    public async IAsyncEnumerable<ExportRequest> AllAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        var wanted = run.Extraction.Key.Options.All(Kind);
        var left = wanted.Where(id => id != All).ToHashSet(StringComparer.Ordinal);
        var isAll = left.Count < wanted.Count;
        if (run.Parent is null)
        {
            foreach (var question in wanted.SelectMany(id => Windows(id, null).Select(window => Question(id, ParentRow.None, window))))
            {
                yield return question;
            }

            yield break;
        }

        await foreach (var row in ParentRows.ReadAsync(run, cancel))
        {
            var id = row.KeyIn(run.Extraction.Resource);
            foreach (var window in left.Remove(id) || isAll ? Windows(id, row) : [])
            {
                yield return Question(id, row, window);
            }
        }

        if (left.Count > 0)
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                $"{run.Extraction.Key.Title}: {Kind} {string.Join(", ", left)} is not among the workspace's {run.Parent.Extraction.Key.Title}.",
                $"`sluice ingest --source-table {run.Parent.Extraction.Key.Title}` lists them.");
        }
    }

    private IReadOnlyList<TimeWindow> Windows(string id, ParentRow? row)
    {
        var rule = run.Extraction.Resource.Window!;
        var known = run.Range.ParentStarts.TryGetValue(id, out var mark) ? mark : (DateTimeOffset?)null;
        var start = run.Range.Start ?? known ?? (row is null ? null : row.Birth(rule)) ?? TimeWindow.Beginning;
        return TimeWindow.Cover(start, run.Range.End ?? run.Sink.Began, rule.MaxDays);
    }

    private ExportRequest Question(string id, ParentRow row, TimeWindow window)
    {
        var body = JsonNode.Parse(RequestBuilder.Build(run.Extraction.Resource with { Parent = null }, ParentRow.None).Body.Span)!.AsObject();
        body[Kind] = long.Parse(id, CultureInfo.InvariantCulture);

        // One second more on both sides: whether the API counts the ends in is not documented, and a row read twice is only one row.
        body["start"] = window.Start - 1;
        body["end"] = window.End + 1;
        var stamp = _binding.Columns.ToDictionary(
            column => InjectedColumns.NameOf(column.Key), column => column.Key == Kind ? id : Number(row.Text(column.Value)), StringComparer.Ordinal);
        return new ExportRequest(
            $"{id}/0/{window.Id}",
            string.Create(CultureInfo.InvariantCulture, $"{run.Extraction.Key.Title} of {Kind} {id}, {Day(window.Start)} to {Day(window.End)}"),
            Encoding.UTF8.GetBytes(body.ToJsonString()),
            stamp);
    }

    // Ids of campaigns come as numbers or texts.
    private static string Number(string? text) =>
        long.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number.ToString(CultureInfo.InvariantCulture) : "null";

    private static string Day(long seconds) => DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

/// <summary>The one question of an export of people: everybody, those of a filter, or those of segments, whose names are looked up.</summary>
internal sealed class PeopleExportRequests(ExtractionRun run, ExtractContext context)
{
    private static readonly Dictionary<string, string> NoStamp = new(StringComparer.Ordinal);

    public async IAsyncEnumerable<ExportRequest> AllAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        var body = RequestBuilder.Build(run.Extraction.Resource, ParentRow.None).Body;
        var option = run.Extraction.Resource.OptionOf(OptionKind.Segments);
        var segments = run.Extraction.Key.Options.All(option);

        // What was asked already need not be put together again.
        if (segments.Count > 0 && string.IsNullOrEmpty(run.Sink.Partition("all").Notes.GetValueOrDefault(ExportNotes.Id)))
        {
            var ids = await new SegmentNames(run, context).IdsAsync(segments, cancel);
            var request = JsonNode.Parse(body.Span)!.AsObject();
            request["filters"] = Filter(ids);
            body = Encoding.UTF8.GetBytes(request.ToJsonString());
        }

        yield return new ExportRequest("all", run.Extraction.Key.Title, body, NoStamp);
    }

    private static JsonObject Filter(IReadOnlyList<long> segments)
    {
        var each = segments.Select(id => new JsonObject { ["segment"] = new JsonObject { ["id"] = id } }).ToList();
        return each is [var only] ? only : new JsonObject { ["or"] = new JsonArray([.. each]) };
    }
}
