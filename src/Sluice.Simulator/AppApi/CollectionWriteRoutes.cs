using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Simulator.Data;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.AppApi;

/// <summary>Making, replacing and deleting collections.</summary>
internal static class CollectionWriteRoutes
{
    private const int LargestCollection = 10 * 1024 * 1024;
    private const int LargestRow = 10 * 1024;

    public static void Map(Router router)
    {
        router.Write("POST", "/v1/collections", Create);
        router.Write("PUT", "/v1/collections/{id}", Update);
        router.Write("DELETE", "/v1/collections/{id}", Delete);
        router.Write("PUT", "/v1/collections/{id}/content", exchange => Replace(exchange, Content(exchange.Body)));
    }

    private static void Create(Exchange exchange)
    {
        var body = exchange.Json();
        var name = FilterCondition.Text(body, "name") ?? throw ApiException.Invalid("name is required");
        if (body.TryGetProperty("data", out _) == body.TryGetProperty("url", out _))
        {
            throw ApiException.Invalid("exactly one of data and url is required");
        }

        Store(exchange, exchange.World.Settings.Collections.NextId, name, Data(body) ?? new JsonArray());
    }

    private static JsonNode? Data(JsonElement body)
        => !body.TryGetProperty("data", out var data) ? null
            : data.ValueKind == JsonValueKind.Array ? Checked(JsonNode.Parse(data.GetRawText())!)
            : throw ApiException.Invalid("data must be a list of objects");

    private static JsonNode Checked(JsonNode content)
    {
        var rows = content as JsonArray ?? [content.DeepClone()];
        return rows.Any(row => row is not JsonObject || row.ToJsonString().Length > LargestRow) || content.ToJsonString().Length > LargestCollection
            ? throw ApiException.Invalid("a collection holds objects of 10 kB at most, 10 MB in all")
            : content;
    }

    private static JsonNode Content(ReadOnlyMemory<byte> body)
    {
        try
        {
            return Checked(JsonNode.Parse(body.Span) ?? throw ApiException.Invalid("the body must be JSON"));
        }
        catch (JsonException)
        {
            throw ApiException.Invalid("the body is not JSON");
        }
    }

    private static JsonObject Find(Exchange exchange)
        => exchange.World.Settings.Collections.Find(exchange.Number("id")) ?? throw ApiException.NotFound();

    private static void Update(Exchange exchange)
    {
        var row = Find(exchange);
        var body = exchange.Json();
        var name = FilterCondition.Text(body, "name") ?? row["name"]!.GetValue<string>();
        Store(exchange, exchange.Number("id"), name, Data(body) ?? exchange.World.Settings.CollectionContents[exchange.Number("id")]);
    }

    private static void Replace(Exchange exchange, JsonNode content)
        => Store(exchange, exchange.Number("id"), Find(exchange)["name"]!.GetValue<string>(), content);

    private static void Store(Exchange exchange, long id, string name, JsonNode content)
    {
        var settings = exchange.World.Settings;
        var row = Settings.Collection(id, name, content, exchange.Now);
        row["created_at"] = settings.Collections.Find(id)?["created_at"]?.DeepClone() ?? exchange.Now;
        settings.Collections.Put(id, row);
        settings.CollectionContents[id] = content;
        exchange.One("collection", row);
    }

    private static void Delete(Exchange exchange)
    {
        Find(exchange);
        exchange.World.Settings.Collections.Remove(exchange.Number("id"));
        exchange.World.Settings.CollectionContents.Remove(exchange.Number("id"));
        exchange.Answer.Status = 204;
    }
}
