using System.Globalization;
using System.Text.Json.Nodes;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.AppApi;

/// <summary>Endpoints of which only the paths are documented (design studio, assets, data index, imports): they store what they are given.</summary>
internal static class AssetRoutes
{
    private static readonly string[] ImportTypes = ["people", "event", "object", "relationship"];

    public static void Map(Router router)
    {
        Shelf(router, "/v1/design_studio/folders", "/v1/design_studio/folders", "folders", "folder");
        Shelf(router, "/v1/design_studio/emails", "/v1/design_studio/emails", "emails", "email");
        Shelf(router, "/v1/design_studio/components", "/v1/design_studio/components", "components", "component");
        Shelf(
            router,
            "/v1/design_studio/emails/{email_id}/languages",
            "/v1/design_studio/emails/{email_id}/languages",
            "email_translations",
            "email_translation");
        Shelf(router, "/v1/assets", "/v1/assets/files", "assets", "asset");
        Shelf(router, "/v1/assets/folders", "/v1/assets/folders", "folders", "folder");
        router.Write("POST", "/v1/data_index/attributes", call => DataIndex(call, "attributes"));
        router.Write("POST", "/v1/data_index/events", call => DataIndex(call, "events"));
        router.Write("POST", "/v1/imports", Import);
        router.Get("/v1/imports/{id}", call => call.One("import", Stored(call, "imports").Find(call.Number("id"))));
    }

    private static void Shelf(Router router, string list, string items, string listRoot, string root)
    {
        router.Get(list, call => call.Whole(listRoot, Stored(call, Name(call, items)).Rows));
        router.Write("POST", items, call => Create(call, Name(call, items), root));
        router.Get(items + "/{item_id}", call => call.One(root, Find(call, items).Row));
        router.Write("PUT", items + "/{item_id}", call => Update(call, Find(call, items).Row));
        router.Write("DELETE", items + "/{item_id}", call => Delete(call, items));
    }

    private static string Name(ApiCall call, string items) =>
        items.Contains("{email_id}", StringComparison.Ordinal) ? items + call.Raw("email_id") : items;

    private static Data.RecordTable Stored(ApiCall call, string name)
    {
        var shelves = call.World.Assets;
        lock (shelves)
        {
            return shelves.TryGetValue(name, out var table) ? table : shelves[name] = new Data.RecordTable();
        }
    }

    private static (long Key, JsonObject Row) Find(ApiCall call, string items)
    {
        var wanted = call.Text("item_id");
        var found = Stored(call, Name(call, items)).After(0)
            .FirstOrDefault(pair => pair.Value["id"]!.ToString() == wanted || pair.Value["language"]?.ToString() == wanted);
        return found.Value is null ? throw ApiException.NotFound() : (found.Key, found.Value);
    }

    private static void Create(ApiCall call, string name, string root)
    {
        var table = Stored(call, name);
        var id = table.NextId;
        var isUpload = call.Body.Span.StartsWith("--"u8);
        var row = isUpload ? new JsonObject { ["bytes"] = call.Body.Length } : (JsonObject)JsonNode.Parse(call.Json().GetRawText())!;
        row["id"] = name.Contains("assets", StringComparison.Ordinal) ? JsonValue.Create(id) : JsonValue.Create(Uuid(id));
        table.Put(id, row);
        call.One(root, row);
    }

    private static string Uuid(long id) => string.Create(CultureInfo.InvariantCulture, $"00000000-0000-4000-8000-{id:x12}");

    private static void Update(ApiCall call, JsonObject row)
    {
        RowEdit.Apply(row, call.Json(), "id");
        call.Response.Status = 204;
    }

    private static void Delete(ApiCall call, string items)
    {
        Stored(call, Name(call, items)).Remove(Find(call, items).Key);
        call.Response.Status = 204;
    }

    private static void DataIndex(ApiCall call, string member)
    {
        var list = CustomerRoutes.Required(call, member);
        if (list.ValueKind != System.Text.Json.JsonValueKind.Array || list.GetArrayLength() is 0 or > 100
            || list.EnumerateArray().Any(entry => FilterCondition.Text(entry, "name") is null))
        {
            throw ApiException.Invalid($"{member} must hold between 1 and 100 entries with a name");
        }

        call.Response.Status = 204;
    }

    private static void Import(ApiCall call)
    {
        var asked = CustomerRoutes.Required(call, "import");
        var type = FilterCondition.Text(asked, "type");
        if (FilterCondition.Text(asked, "name") is null || FilterCondition.Text(asked, "data_file_url") is null || !ImportTypes.Contains(type))
        {
            throw ApiException.Invalid("name, data_file_url and type are required");
        }

        var needed = type == "object" ? "object_type_id" : "identifier";
        _ = FilterCondition.Text(asked, needed) ?? throw ApiException.Invalid($"{needed} is required");
        var table = Stored(call, "imports");
        var row = (JsonObject)JsonNode.Parse(asked.GetRawText())!;
        (row["id"], row["state"]) = (table.NextId, "imported");
        (row["created_at"], row["updated_at"]) = (call.Now, call.Now);
        (row["rows_to_import"], row["rows_imported"], row["error"]) = (0, 0, "");
        table.Put(table.NextId, row);
        call.One("import", row);
    }
}
