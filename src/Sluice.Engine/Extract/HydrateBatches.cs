using System.Security.Cryptography;
using System.Text;
using Sluice.CustomerIo;
using Sluice.Engine.Shape;

namespace Sluice.Engine.Extract;

/// <summary>Asks for the people that the search finds, a hundred at a time, while the search goes on.</summary>
internal sealed class HydrateBatches(Feed feed, ExtractContext context) : IExtraction
{
    private readonly PageWalk _walk = new(feed, context);
    private readonly PageShape _shape = RequestBuilder.ShapeOf(feed.Resource);

    public Task RunAsync(CancellationToken cancel) =>
        Parallel.ForEachAsync(BatchesAsync(cancel), context.Options(cancel), async (batch, token) => await AskAsync(batch, token));

    private async IAsyncEnumerable<(string Walk, string[] Ids)> BatchesAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        var column = feed.Resource.Parent!.Route[feed.Resource.Batch!.Key];
        var ids = new List<string>(feed.Resource.Batch.MaxItems);
        await foreach (var row in ParentRows.ReadAsync(feed, cancel))
        {
            ids.Add(row.Text(column) ?? throw new SluiceException(
                SluiceErrorKind.Api, $"A row of {feed.Resource.Parent!.Resource} has no {column}.", "Without it the person can't be asked for."));
            if (ids.Count == feed.Resource.Batch.MaxItems)
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

    private async Task AskAsync((string Walk, string[] Ids) batch, CancellationToken cancel)
    {
        if (feed.Spool.Walk(batch.Walk).IsDone || feed.HasEnough)
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
        await _walk.KeepAsync(batch.Walk, pages, cancel);
        foreach (var id in missing)
        {
            await feed.Spool.SkipAsync($"{feed.Resource.Parent!.Resource}/{id}", $"{feed.Resource.Parent.Resource} {id}: found by the search, left out twice by {feed.Resource.Method} {feed.Resource.Path}", cancel);
        }
    }

    private async Task<List<Page>> ReadAsync(string[] ids, CancellationToken cancel)
    {
        var pages = new List<Page>(1);
        var request = RequestBuilder.Build(feed.Resource, ParentRow.None) with { Body = Body(ids) };
        await foreach (var page in context.Pages.ReadAsync(request, _shape, null, cancel))
        {
            feed.Counters.Answered(page.Attempts, page.Waited);
            pages.Add(page);
        }

        return pages;
    }

    private string[] LeftOut(string[] asked, List<Page> pages)
    {
        var key = feed.Resource.PrimaryKey[0];
        var came = pages
            .SelectMany(page => Enumerable.Range(0, page.Records.Count).Select(page.Record))
            .Select(record => ParentRow.Parse(record, feed.Resource, [key]).Text(key))
            .ToHashSet(StringComparer.Ordinal);
        return [.. asked.Where(id => !came.Contains(id)).Distinct(StringComparer.Ordinal)];
    }

    private byte[] Body(string[] ids)
    {
        var list = string.Join(',', ids.Select(id => EngineJson.Quote(id)));
        return Encoding.UTF8.GetBytes($"{{\"{feed.Resource.Batch!.Key}\":[{list}]}}");
    }
}
