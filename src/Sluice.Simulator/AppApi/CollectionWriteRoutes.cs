using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Simulator.Data;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.AppApi;

/// <summary>Creating, replacing and deleting collections.</summary>
internal static class CollectionWriteRoutes
{
    private const int LargestCollection = 10 * 1024 * 1024;
    private const int LargestRow = 10 * 1024;

    public static void Map(Router router)
    {
        router.Write("POST", "/v1/collections", Create);
        router.Write("PUT", "/v1/collections/{id}", Update);
        router.Write("DELETE", "/v1/collections/{id}", Delete);
        router.Write("PUT", "/v1/collections/{id}/content", call => Replace(call, Content(call.Body)));
    }

    private static void Create(ApiCall call)
    {
        var body = call.Json();
        var name = FilterCondition.Text(body, "name") ?? throw ApiException.Invalid("name is required");
        if (body.TryGetProperty("data", out _) == body.TryGetProperty("url", out _))
        {
            throw ApiException.Invalid("exactly one of data and url is required");
        }

        Store(call, call.World.Settings.Collections.NextId, name, Data(body) ?? new JsonArray());
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

    private static JsonObject Find(ApiCall call)
        => call.World.Settings.Collections.Find(call.Number("id")) ?? throw ApiException.NotFound();

    private static void Update(ApiCall call)
    {
        var row = Find(call);
        var body = call.Json();
        var name = FilterCondition.Text(body, "name") ?? row["name"]!.GetValue<string>();
        Store(call, call.Number("id"), name, Data(body) ?? call.World.Settings.CollectionContents[call.Number("id")]);
    }

    private static void Replace(ApiCall call, JsonNode content)
        => Store(call, call.Number("id"), Find(call)["name"]!.GetValue<string>(), content);

    private static void Store(ApiCall call, long id, string name, JsonNode content)
    {
        var settings = call.World.Settings;
        var row = Settings.Collection(id, name, content, call.Now);
        row["created_at"] = settings.Collections.Find(id)?["created_at"]?.DeepClone() ?? call.Now;
        settings.Collections.Put(id, row);
        settings.CollectionContents[id] = content;
        call.One("collection", row);
    }

    private static void Delete(ApiCall call)
    {
        Find(call);
        call.World.Settings.Collections.Remove(call.Number("id"));
        call.World.Settings.CollectionContents.Remove(call.Number("id"));
        call.Response.Status = 204;
    }
}
