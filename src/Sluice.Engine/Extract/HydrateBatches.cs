using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
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
                SluiceErrorKind.Api, $"A row of {feed.Parent!.Name} has no {column}.", "Without it the person can't be asked for."));
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

        var request = RequestBuilder.Build(feed.Resource, ParentRow.None) with { Body = Body(batch.Ids) };
        await foreach (var page in context.Pages.ReadAsync(request, _shape, null, cancel))
        {
            feed.Counters.Answered(page.Attempts, page.Waited);
            await _walk.KeepAsync(batch.Walk, page, [], cancel);
        }
    }

    private byte[] Body(string[] ids)
    {
        var list = string.Join(',', ids.Select(id => JsonSerializer.Serialize(id, RowStampJson.Default.String)));
        return Encoding.UTF8.GetBytes($"{{\"{feed.Resource.Batch!.Key}\":[{list}]}}");
    }
}
