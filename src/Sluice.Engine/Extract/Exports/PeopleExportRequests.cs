using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using Sluice.Engine.Catalog;

namespace Sluice.Engine.Extract.Exports;

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
