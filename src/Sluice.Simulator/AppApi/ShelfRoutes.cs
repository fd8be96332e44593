using System.Globalization;
using System.Text.Json.Nodes;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.AppApi;

/// <summary>Endpoints of which only the paths are known (design studio, assets, data index, imports): they keep what they are given.</summary>
internal static class ShelfRoutes
{
    private static readonly string[] ImportTypes = ["people", "event", "object", "relationship"];

    public static void Map(Router router)
    {
        Shelf(router, "/v1/design_studio/folders", "/v1/design_studio/folders", "folders", "folder");
        Shelf(router, "/v1/design_studio/emails", "/v1/design_studio/emails", "emails", "email");
        Shelf(router, "/v1/design_studio/components", "/v1/design_studio/components", "components", "component");
        Shelf(router, "/v1/design_studio/emails/{email_id}/languages", "/v1/design_studio/emails/{email_id}/languages", "email_translations", "email_translation");
        Shelf(router, "/v1/assets", "/v1/assets/files", "assets", "asset");
        Shelf(router, "/v1/assets/folders", "/v1/assets/folders", "folders", "folder");
        router.Write("POST", "/v1/data_index/attributes", exchange => DataIndex(exchange, "attributes"));
        router.Write("POST", "/v1/data_index/events", exchange => DataIndex(exchange, "events"));
        router.Write("POST", "/v1/imports", Import);
        router.Get("/v1/imports/{id}", exchange => exchange.One("import", Stored(exchange, "imports").Find(exchange.Number("id"))));
    }

    private static void Shelf(Router router, string list, string items, string listRoot, string root)
    {
        router.Get(list, exchange => exchange.Whole(listRoot, Stored(exchange, Name(exchange, items)).Rows));
        router.Write("POST", items, exchange => Create(exchange, Name(exchange, items), root));
        router.Get(items + "/{item_id}", exchange => exchange.One(root, Find(exchange, items).Row));
        router.Write("PUT", items + "/{item_id}", exchange => Update(exchange, Find(exchange, items).Row));
        router.Write("DELETE", items + "/{item_id}", exchange => Delete(exchange, items));
    }

    private static string Name(Exchange exchange, string items) => items.Contains("{email_id}", StringComparison.Ordinal) ? items + exchange.Raw("email_id") : items;

    private static Data.RecordTable Stored(Exchange exchange, string name)
    {
        var shelves = exchange.World.Shelves;
        lock (shelves)
        {
            return shelves.TryGetValue(name, out var table) ? table : shelves[name] = new Data.RecordTable();
        }
    }

    private static (long Key, JsonObject Row) Find(Exchange exchange, string items)
    {
        var wanted = exchange.Text("item_id");
        var found = Stored(exchange, Name(exchange, items)).After(0)
            .FirstOrDefault(pair => pair.Value["id"]!.ToString() == wanted || pair.Value["language"]?.ToString() == wanted);
        return found.Value is null ? throw ApiException.NotFound() : (found.Key, found.Value);
    }

    private static void Create(Exchange exchange, string name, string root)
    {
        var table = Stored(exchange, name);
        var id = table.NextId;
        var isUpload = exchange.Body.Span.StartsWith("--"u8);
        var row = isUpload ? new JsonObject { ["bytes"] = exchange.Body.Length } : (JsonObject)JsonNode.Parse(exchange.Json().GetRawText())!;
        row["id"] = name.Contains("assets", StringComparison.Ordinal) ? JsonValue.Create(id) : JsonValue.Create(Uuid(id));
        table.Put(id, row);
        exchange.One(root, row);
    }

    private static string Uuid(long id) => string.Create(CultureInfo.InvariantCulture, $"00000000-0000-4000-8000-{id:x12}");

    private static void Update(Exchange exchange, JsonObject row)
    {
        RowEdit.Apply(row, exchange.Json(), "id");
        exchange.Answer.Status = 204;
    }

    private static void Delete(Exchange exchange, string items)
    {
        Stored(exchange, Name(exchange, items)).Remove(Find(exchange, items).Key);
        exchange.Answer.Status = 204;
    }

    private static void DataIndex(Exchange exchange, string member)
    {
        var list = CustomerRoutes.Required(exchange, member);
        if (list.ValueKind != System.Text.Json.JsonValueKind.Array || list.GetArrayLength() is 0 or > 100
            || list.EnumerateArray().Any(entry => FilterCondition.Text(entry, "name") is null))
        {
            throw ApiException.Invalid($"{member} must hold between 1 and 100 entries with a name");
        }

        exchange.Answer.Status = 204;
    }

    private static void Import(Exchange exchange)
    {
        var asked = CustomerRoutes.Required(exchange, "import");
        var type = FilterCondition.Text(asked, "type");
        if (FilterCondition.Text(asked, "name") is null || FilterCondition.Text(asked, "data_file_url") is null || !ImportTypes.Contains(type))
        {
            throw ApiException.Invalid("name, data_file_url and type are required");
        }

        var needed = type == "object" ? "object_type_id" : "identifier";
        _ = FilterCondition.Text(asked, needed) ?? throw ApiException.Invalid($"{needed} is required");
        var table = Stored(exchange, "imports");
        var row = (JsonObject)JsonNode.Parse(asked.GetRawText())!;
        (row["id"], row["state"]) = (table.NextId, "imported");
        (row["created_at"], row["updated_at"]) = (exchange.Now, exchange.Now);
        (row["rows_to_import"], row["rows_imported"], row["error"]) = (0, 0, "");
        table.Put(table.NextId, row);
        exchange.One("import", row);
    }
}
