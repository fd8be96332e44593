using System.Security.Cryptography;
using System.Text;
using Sluice.CustomerIo;

namespace Sluice.Engine.Extract;

/// <summary>Asks for the people that the search finds, a hundred at a time, while the search goes on.</summary>
internal sealed class BatchLookupExtractor(ExtractionRun run, ExtractContext context) : IExtractor
{
    private readonly PartitionReader _reader = new(run, context);
    private readonly PageShape _shape = RequestBuilder.ShapeOf(run.Extraction.Resource);

    public Task RunAsync(CancellationToken cancel) =>
        Parallel.ForEachAsync(BatchesAsync(cancel), context.Options(cancel), async (batch, token) => await AskAsync(batch, token));

    private async IAsyncEnumerable<(string Partition, string[] Ids)> BatchesAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        var column = run.Extraction.Resource.Parent!.Route[run.Extraction.Resource.Batch!.Key];
        var ids = new List<string>(run.Extraction.Resource.Batch.MaxItems);
        await foreach (var row in ParentRows.ReadAsync(run, cancel))
        {
            ids.Add(
                row.Text(column)
                    ?? throw new SluiceException(
                        SluiceErrorKind.Api,
                        $"A row of {run.Extraction.Resource.Parent!.Resource} has no {column}.",
                        "Without it the person can't be asked for."));
            if (ids.Count == run.Extraction.Resource.Batch.MaxItems)
            {
                yield return (Name(ids), [.. ids]);
                ids.Clear();
            }
        }

        if (ids.Count > 0)
        {
            yield return (Name(ids), [.. ids]);
        }
    }

    // Named after the people in it, so that a resumed run knows it again as long as the list is the same.
    private static string Name(List<string> ids) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', ids))))[..24];

    private async Task AskAsync((string Partition, string[] Ids) batch, CancellationToken cancel)
    {
        if (run.Sink.Partition(batch.Partition).IsDone || run.HasEnough)
        {
            return;
        }

        var pages = await ReadAsync(batch.Ids, cancel);
        var missing = LeftOut(batch.Ids, pages);
        if (missing.Length > 0)
        {
            // People are left out in silence: asked for a second time, those who are only late come, those who are gone do not.
            pages.AddRange(await ReadAsync(missing, cancel));
            missing = LeftOut(missing, pages);
        }

        // One entry for the whole batch, so that a killed run knows it either with its second question or not at all.
        await _reader.KeepAsync(batch.Partition, pages, cancel);
        foreach (var id in missing)
        {
            await run.Sink.SkipAsync(
                $"{run.Extraction.Resource.Parent!.Resource}/{id}",
                $"{run.Extraction.Resource.Parent.Resource} {id}: found by the search, left out twice by {run.Extraction.Resource.Method} " +
                    $"{run.Extraction.Resource.Path}",
                cancel);
        }
    }

    private async Task<List<Page>> ReadAsync(string[] ids, CancellationToken cancel)
    {
        var pages = new List<Page>(1);
        var request = RequestBuilder.Build(run.Extraction.Resource, ParentRow.None) with { Body = Body(ids) };
        await foreach (var page in context.Pages.ReadAsync(request, _shape, null, run.Stale, cancel))
        {
            run.Counters.Answered(page.Attempts, page.Waited);
            pages.Add(page);
        }

        return pages;
    }

    private string[] LeftOut(string[] asked, List<Page> pages)
    {
        var key = run.Extraction.Resource.PrimaryKey[0];
        var came = pages
            .SelectMany(page => Enumerable.Range(0, page.Records.Count).Select(page.Record))
            .Select(record => ParentRow.Parse(record, run.Extraction.Resource, [key]).Text(key))
            .ToHashSet(StringComparer.Ordinal);
        return [.. asked.Where(id => !came.Contains(id)).Distinct(StringComparer.Ordinal)];
    }

    private byte[] Body(string[] ids)
    {
        var list = string.Join(',', ids.Select(id => EngineJson.Quote(id)));
        return Encoding.UTF8.GetBytes($"{{\"{run.Extraction.Resource.Batch!.Key}\":[{list}]}}");
    }
}
