using System.Globalization;
using System.Text.Json;

namespace Sluice.Engine.Extract.Exports;

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
        return document.RootElement.TryGetProperty("exports", out var list) && list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray().Select(Of)] : [];
    }

    // An answer that names no state is one to a question that was just asked.
    private static ExportState Of(JsonElement export)
    {
        var status = Text(export, "status");
        return new ExportState(
            Number(export, "id") ?? throw new SluiceException(
                SluiceErrorKind.Api, "Customer.io answered about an export without saying its id.", "Run the same command again; with --debug it shows the requests."),
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
        long.TryParse(Text(export, name).TrimEnd(',', ' '), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}
