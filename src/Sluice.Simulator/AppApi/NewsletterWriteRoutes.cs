using System.Globalization;
using System.Text.Json.Nodes;
using Sluice.Simulator.Data;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.AppApi;

/// <summary>Making, sending and translating newsletters. Their bodies are not in the notes; only names and languages are checked.</summary>
internal static class NewsletterWriteRoutes
{
    public static void Map(Router router)
    {
        router.Write("POST", "/v1/newsletters", Create);
        router.Write("POST", "/v1/newsletters/{id}/send", Send);
        router.Write("POST", "/v1/newsletters/{id}/schedule", exchange => exchange.One("newsletter", NewsletterRoutes.Find(exchange).Row));
        router.Write("POST", "/v1/newsletters/{id}/test_groups", AddTestGroup);
        MapLanguages(router, "/v1/newsletters/{id}/language");
        MapLanguages(router, "/v1/newsletters/{id}/test_group/{test_group_id}/language");
    }

    private static void MapLanguages(Router router, string path)
    {
        router.Write("POST", path, AddLanguage);
        router.Get(path + "/{language}", exchange => exchange.One("content", InLanguage(exchange)));
        router.Write("PUT", path + "/{language}", UpdateLanguage);
        router.Write("DELETE", path + "/{language}", DeleteLanguage);
    }

    private static void Create(Exchange exchange)
    {
        var body = exchange.Json();
        var name = FilterCondition.Text(body, "name");
        if (string.IsNullOrWhiteSpace(name) || name.Length > 190)
        {
            throw new ApiException(422, "name must have between 1 and 190 characters", ErrorEnvelope.Pointer, "/data/attributes/name");
        }

        var id = exchange.World.Newsletters.Keys.DefaultIfEmpty(0).Max() + 1;
        var newsletter = new Newsletter(id, exchange.Now, null, FilterCondition.Text(body, "type") ?? "email");
        newsletter.Row = new JsonObject
        {
            ["id"] = id,
            ["deduplicate_id"] = $"{id}:{exchange.Now}",
            ["type"] = newsletter.Type,
            ["content_ids"] = new JsonArray(),
            ["name"] = name,
            ["sent_at"] = null,
            ["created"] = exchange.Now,
            ["updated"] = exchange.Now,
            ["tags"] = null,
        };
        exchange.World.Newsletters[id] = newsletter;
        AddContent(exchange, newsletter, "");
        exchange.One("newsletter", newsletter.Row);
    }

    private static void Send(Exchange exchange)
    {
        var row = NewsletterRoutes.Find(exchange).Row;
        row["sent_at"] = exchange.Now;
        row["updated"] = exchange.Now;
        exchange.One("newsletter", row);
    }

    private static void AddTestGroup(Exchange exchange)
    {
        var newsletter = NewsletterRoutes.Find(exchange);
        var id = newsletter.TestGroups.Count;
        var content = AddContent(exchange, newsletter, "");
        newsletter.TestGroups.Put(id, new JsonObject
        {
            ["id"] = id,
            ["name"] = ((char)('A' + id)).ToString(CultureInfo.InvariantCulture),
            ["label"] = $"test {id + 1}",
            ["winner"] = false,
            ["content_ids"] = new JsonArray(content),
        });
        exchange.One("newsletter", newsletter.Row);
    }

    private static long AddContent(Exchange exchange, Newsletter newsletter, string language)
    {
        var id = exchange.World.Newsletters.Values.SelectMany(known => known.Contents.Ids).Max() + 1;
        newsletter.Contents.Put(id, new JsonObject
        {
            ["id"] = id,
            ["newsletter_id"] = newsletter.Id,
            ["deduplicate_id"] = $"{id}:{exchange.Now}",
            ["name"] = "",
            ["body"] = "",
            ["language"] = language,
            ["type"] = newsletter.Type,
        });
        newsletter.Row["content_ids"] = new JsonArray([.. newsletter.Contents.Ids.Select(content => JsonValue.Create(content))]);
        return id;
    }

    private static Newsletter Parent(Exchange exchange)
    {
        var newsletter = NewsletterRoutes.Find(exchange);
        var group = exchange.Route.Segments.Contains("{test_group_id}") ? exchange.Number("test_group_id") : -1;
        return group < 0 || newsletter.TestGroups.Find(group) is not null ? newsletter : throw ApiException.NotFound();
    }

    private static void AddLanguage(Exchange exchange)
    {
        var newsletter = Parent(exchange);
        var language = FilterCondition.Text(exchange.Json(), "language") ?? throw ApiException.Invalid("language is required");
        var id = AddContent(exchange, newsletter, language);
        exchange.One("content", newsletter.Contents.Find(id));
    }

    private static JsonObject InLanguage(Exchange exchange)
        => Parent(exchange).Contents.Rows.FirstOrDefault(content => content["language"]!.GetValue<string>() == exchange.Text("language"))
            ?? throw ApiException.NotFound();

    private static void UpdateLanguage(Exchange exchange)
    {
        var content = InLanguage(exchange);
        RowEdit.Apply(content, exchange.Json(), "id", "newsletter_id", "type", "deduplicate_id");
        exchange.One("content", content);
    }

    private static void DeleteLanguage(Exchange exchange)
    {
        Parent(exchange).Contents.Remove(InLanguage(exchange)["id"]!.GetValue<long>());
        exchange.Answer.Status = 204;
    }
}
