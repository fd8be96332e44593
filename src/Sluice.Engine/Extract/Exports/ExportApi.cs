using System.Globalization;
using System.Text.Json;
using Sluice.CustomerIo;

namespace Sluice.Engine.Extract.Exports;

/// <summary>The requests about exports, counted as the extraction's.</summary>
internal sealed class ExportApi(ExtractionRun run, ExtractContext context)
{
    private readonly PartitionReader _reader = new(run, context);

    /// <summary>Asks for an export.</summary>
    public async Task<ExportState> BeginAsync(ReadOnlyMemory<byte> body, CancellationToken cancel) =>
        ExportState.ParseOne((await _reader.AskAsync(ApiRequest.Write(HttpMethod.Post, run.Extraction.Resource.Path, body), cancel)).Body);

    /// <summary>How an export is doing.</summary>
    public async Task<ExportState> LookAsync(long id, CancellationToken cancel) =>
        ExportState.ParseOne((await _reader.AskAsync(Of("/v1/exports/{export_id}", id), cancel)).Body);

    /// <summary>A link to the file of a finished export, good for a quarter of an hour.</summary>
    public async Task<Uri> LinkAsync(long id, CancellationToken cancel)
    {
        var answer = await _reader.AskAsync(Of("/v1/exports/{export_id}/download", id), cancel);
        using var document = JsonDocument.Parse(answer.Body);
        return document.RootElement.TryGetProperty("url", out var url) && Uri.TryCreate(url.ToString(), UriKind.Absolute, out var link)
            && (link.Scheme == Uri.UriSchemeHttps || link.Scheme == Uri.UriSchemeHttp)
            ? link
            : throw new SluiceException(
                SluiceErrorKind.Api,
                $"Customer.io gave no link to the file of export {id}.",
                "Run the same command again: it asks for the link once more.");
    }

    /// <summary>All exports of the workspace, and Customer.io's time.</summary>
    public async Task<(IReadOnlyList<ExportState> Exports, DateTimeOffset At)> ListAsync(CancellationToken cancel)
    {
        var answer = await _reader.AskAsync(ApiRequest.Get("/v1/exports"), cancel);
        return (ExportState.ParseAll(answer.Body), answer.ServerTime ?? context.Time.GetUtcNow());
    }

    private static ApiRequest Of(string route, long id) =>
        ApiRequest.Get(route, new KeyValuePair<string, string>("export_id", id.ToString(CultureInfo.InvariantCulture)));
}

/// <summary>What Customer.io says of an export.</summary>
internal sealed record ExportState(long Id, string Type, string Description, bool IsDone, bool IsFailed, long Total, long CreatedAt)
{
    public static ExportState ParseOne(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        return Of(document.RootElement.TryGetProperty("export", out var export) ? export : document.RootElement);
    }

    public static IReadOnlyList<ExportState> ParseAll(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        return document.RootElement.TryGetProperty("exports", out var list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(Of)]
            : [];
    }

    // An answer that names no state is one to a question that was just asked.
    private static ExportState Of(JsonElement export)
    {
        var status = Text(export, "status");
        return new ExportState(
            Number(export, "id")
                ?? throw new SluiceException(
                    SluiceErrorKind.Api,
                    "Customer.io answered about an export without saying its id.",
                    "Run the same command again; with --debug it shows the requests."),
            Text(export, "type"),
            Text(export, "description"),
            status == "done",
            status == "failed" || (export.TryGetProperty("failed", out var failed) && failed.ValueKind == JsonValueKind.True),
            Number(export, "total") ?? 0,
            Number(export, "created_at") ?? 0);
    }

    private static string Text(JsonElement export, string name) =>
        export.ValueKind == JsonValueKind.Object && export.TryGetProperty(name, out var value) ? value.ToString() : "";

    // The reference shows an id as "111,", too.
    private static long? Number(JsonElement export, string name) =>
        long.TryParse(Text(export, name).TrimEnd(',', ' '), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
