using System.Globalization;
using System.Text.Json;
using Sluice.CustomerIo;

namespace Sluice.Engine.Extract.Exports;

/// <summary>The requests about exports, counted as the feed's.</summary>
internal sealed class ExportRequests(Feed feed, ExtractContext context)
{
    private readonly PageWalk _walk = new(feed, context);

    /// <summary>Asks for an export.</summary>
    public async Task<ExportState> BeginAsync(ReadOnlyMemory<byte> body, CancellationToken cancel) =>
        ExportState.ParseOne((await _walk.AskAsync(ApiRequest.Write(HttpMethod.Post, feed.Resource.Path, body), cancel)).Body);

    /// <summary>How an export is doing.</summary>
    public async Task<ExportState> LookAsync(long id, CancellationToken cancel) => ExportState.ParseOne((await _walk.AskAsync(Of("/v1/exports/{export_id}", id), cancel)).Body);

    /// <summary>A link to the file of a finished export, good for a quarter of an hour.</summary>
    public async Task<Uri> LinkAsync(long id, CancellationToken cancel)
    {
        var answer = await _walk.AskAsync(Of("/v1/exports/{export_id}/download", id), cancel);
        using var document = JsonDocument.Parse(answer.Body);
        return document.RootElement.TryGetProperty("url", out var url) && Uri.TryCreate(url.ToString(), UriKind.Absolute, out var link)
            && (link.Scheme == Uri.UriSchemeHttps || link.Scheme == Uri.UriSchemeHttp)
            ? link
            : throw new SluiceException(SluiceErrorKind.Api, $"Customer.io gave no link to the file of export {id}.", "Run the same command again: it asks for the link once more.");
    }

    /// <summary>All exports of the workspace, and Customer.io's time.</summary>
    public async Task<(IReadOnlyList<ExportState> Exports, DateTimeOffset At)> ListAsync(CancellationToken cancel)
    {
        var answer = await _walk.AskAsync(ApiRequest.Get("/v1/exports"), cancel);
        return (ExportState.ParseAll(answer.Body), answer.ServerTime ?? context.Time.GetUtcNow());
    }

    private static ApiRequest Of(string route, long id) => ApiRequest.Get(route, new KeyValuePair<string, string>("export_id", id.ToString(CultureInfo.InvariantCulture)));
}
