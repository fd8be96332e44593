using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.CustomerIo;

namespace Sluice.Writes.Import;

/// <summary>The collections of a workspace and their rows, as they are.</summary>
internal static class CollectionContent
{
    /// <summary>All collections.</summary>
    public static async Task<IReadOnlyList<(string Id, string Name)>> ListAsync(CustomerIoClient client, CancellationToken cancel)
    {
        var answer = await client.SendAsync(ApiRequest.Get("/v1/collections"), cancel);
        using var document = JsonDocument.Parse(answer.Body);
        return [.. document.RootElement.GetProperty("collections").EnumerateArray()
            .Select(one => (one.GetProperty("id").ToString(), one.GetProperty("name").GetString() ?? ""))];
    }

    /// <summary>
    /// The rows of a collection. The answer is called an object and means rows: one object, an array and JSON lines are all read (Customer.io App API
    /// reference).
    /// </summary>
    public static async Task<IReadOnlyList<CollectionRow>> ReadAsync(CustomerIoClient client, string id, CancellationToken cancel)
    {
        var rows = new List<CollectionRow>();
        var request = ApiRequest.Get("/v1/collections/{collection_id}/content", new KeyValuePair<string, string>("collection_id", id));
        await foreach (var page in new PageReader(client).ReadAsync(request, new PageShape { Lines = true }, cancel: cancel))
        {
            rows.AddRange(Enumerable.Range(0, page.Records.Count).Select(place => CollectionRow.Read(page.Record(place).Span)));
        }

        return rows;
    }

    /// <summary>Keeps rows in a file that can be imported again, for its owner's eyes only.</summary>
    public static async Task KeepAsync(IReadOnlyList<CollectionRow> rows, string path, CancellationToken cancel)
    {
        var half = path + ".half";
        await using (var file = new FileStream(half, PrivateFile.Options(FileMode.Create)))
        {
            var json = new ArrayBufferWriter<byte>();
            ValueText.Raw("[" + string.Join(",\n", rows.Select(row => row.Json)) + "]\n", json);
            await file.WriteAsync(json.WrittenMemory, cancel);
            file.Flush(flushToDisk: true);
        }

        File.Move(half, path, overwrite: true);
    }
}

/// <summary>A row of a collection.</summary>
/// <param name="Json">As it is.</param>
/// <param name="Canonical">With its members in order, by which equal rows are known.</param>
internal sealed record CollectionRow(string Json, string Canonical)
{
    public static CollectionRow Read(ReadOnlySpan<byte> json)
    {
        var node = JsonNode.Parse(json)!;
        return new CollectionRow(node.ToJsonString(RelaxedJson.Options), Ordered(node)!.ToJsonString(RelaxedJson.Options));
    }

    private static JsonNode? Ordered(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(
            members.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => KeyValuePair.Create(member.Key, Ordered(member.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Ordered)]),
        _ => node?.DeepClone(),
    };
}
