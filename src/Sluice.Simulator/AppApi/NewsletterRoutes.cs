using System.Globalization;
using System.Text.Json.Nodes;
using Sluice.Simulator.Data;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.AppApi;

/// <summary>Newsletters, their variants and their test groups.</summary>
internal static class NewsletterRoutes
{
    private static readonly string[] Orders = ["asc", "desc"];

    public static void Map(Router router)
    {
        router.Get("/v1/newsletters", All);
        router.Get("/v1/newsletters/{id}", call => call.One("newsletter", Find(call).Row));
        router.Get("/v1/newsletters/{id}/contents", call => call.Whole("contents", Find(call).Contents.Rows));
        router.Get("/v1/newsletters/{id}/contents/{content_id}", call => call.One("content", Content(call)));
        router.Get("/v1/newsletters/{id}/test_groups", call => call.Whole("test_groups", Find(call).TestGroups.Rows));
        router.Write("DELETE", "/v1/newsletters/{id}", Delete);
        router.Write("PUT", "/v1/newsletters/{id}/contents/{content_id}", call => Change(call, Content(call)));
    }

    public static Newsletter Find(ApiCall call)
        => call.World.Newsletters.GetValueOrDefault(call.Number("id")) ?? throw ApiException.NotFound();

    public static JsonObject Content(ApiCall call)
        => Find(call).Contents.Find(call.Number("content_id")) ?? throw ApiException.NotFound();

    private static void All(ApiCall call)
    {
        var limit = call.Limit(10, 100);
        var falling = call.OneOf("sort", Orders) == "desc";
        var after = call.Cursor()?.First;
        var all = call.World.Newsletters.Values;
        var rows = falling
            ? all.Where(newsletter => after is null || newsletter.Id < after).OrderByDescending(newsletter => newsletter.Id)
            : all.Where(newsletter => after is null || newsletter.Id > after).OrderBy(newsletter => newsletter.Id);
        call.Page(
            "newsletters", rows, limit, (writer, newsletter) => newsletter.Row.WriteTo(writer), newsletter => (newsletter.Id, 0), EndOfList.Null);
    }

    private static void Delete(ApiCall call)
    {
        call.World.Newsletters.Remove(Find(call).Id);
        call.Response.Status = 204;
    }


    /// <summary>The sender stays when from_id is left out; whether the other keys do is not said.</summary>
    public static void Change(ApiCall call, JsonObject content)
    {
        var options = call.World.Options;
        var writable = WritableKeys.OfNewsletter(ContentEdit.Type(content), options.HasEarlierForm);
        ContentEdit.Apply(call, content, writable, options.OverwritesContents);
        content["deduplicate_id"] = $"{content["id"]}:{call.Now}";
        call.One("content", content);
    }
}

/// <summary>Creating, sending and translating newsletters. Their request bodies are not documented; only names and languages are validated.</summary>
internal static class NewsletterWriteRoutes
{
    public static void Map(Router router)
    {
        router.Write("POST", "/v1/newsletters", Create);
        router.Write("POST", "/v1/newsletters/{id}/send", Send);
        router.Write("POST", "/v1/newsletters/{id}/schedule", call => call.One("newsletter", NewsletterRoutes.Find(call).Row));
        router.Write("POST", "/v1/newsletters/{id}/test_groups", AddTestGroup);
        MapLanguages(router, "/v1/newsletters/{id}/language");
        MapLanguages(router, "/v1/newsletters/{id}/test_group/{test_group_id}/language");
    }

    private static void MapLanguages(Router router, string path)
    {
        router.Write("POST", path, AddLanguage);
        router.Get(path + "/{language}", call => call.One("content", InLanguage(call)));
        router.Write("PUT", path + "/{language}", UpdateLanguage);
        router.Write("DELETE", path + "/{language}", DeleteLanguage);
    }

    private static void Create(ApiCall call)
    {
        var body = call.Json();
        var name = FilterCondition.Text(body, "name");
        if (string.IsNullOrWhiteSpace(name) || name.Length > 190)
        {
            throw new ApiException(422, "name must have between 1 and 190 characters", ErrorEnvelope.Pointer, "/data/attributes/name");
        }

        var id = call.World.Newsletters.Keys.DefaultIfEmpty(0).Max() + 1;
        var newsletter = new Newsletter(id, call.Now, null, FilterCondition.Text(body, "type") ?? "email");
        newsletter.Row = new JsonObject
        {
            ["id"] = id,
            ["deduplicate_id"] = $"{id}:{call.Now}",
            ["type"] = newsletter.Type,
            ["content_ids"] = new JsonArray(),
            ["name"] = name,
            ["sent_at"] = null,
            ["created"] = call.Now,
            ["updated"] = call.Now,
            ["tags"] = null,
        };
        call.World.Newsletters[id] = newsletter;
        AddContent(call, newsletter, "");
        call.One("newsletter", newsletter.Row);
    }

    private static void Send(ApiCall call)
    {
        var row = NewsletterRoutes.Find(call).Row;
        row["sent_at"] = call.Now;
        row["updated"] = call.Now;
        call.One("newsletter", row);
    }

    private static void AddTestGroup(ApiCall call)
    {
        var newsletter = NewsletterRoutes.Find(call);
        var id = newsletter.TestGroups.Count;
        var content = AddContent(call, newsletter, "");
        newsletter.TestGroups.Put(id, new JsonObject
        {
            ["id"] = id,
            ["name"] = ((char)('A' + id)).ToString(CultureInfo.InvariantCulture),
            ["label"] = $"test {id + 1}",
            ["winner"] = false,
            ["content_ids"] = new JsonArray(content),
        });
        call.One("newsletter", newsletter.Row);
    }

    private static long AddContent(ApiCall call, Newsletter newsletter, string language)
    {
        var id = call.World.Newsletters.Values.SelectMany(known => known.Contents.Ids).Max() + 1;
        newsletter.Contents.Put(id, new JsonObject
        {
            ["id"] = id,
            ["newsletter_id"] = newsletter.Id,
            ["deduplicate_id"] = $"{id}:{call.Now}",
            ["name"] = "",
            ["body"] = "",
            ["language"] = language,
            ["type"] = newsletter.Type,
        });
        newsletter.Row["content_ids"] = new JsonArray([.. newsletter.Contents.Ids.Select(content => JsonValue.Create(content))]);
        return id;
    }

    private static Newsletter Parent(ApiCall call)
    {
        var newsletter = NewsletterRoutes.Find(call);
        var group = call.Route.Segments.Contains("{test_group_id}") ? call.Number("test_group_id") : -1;
        return group < 0 || newsletter.TestGroups.Find(group) is not null ? newsletter : throw ApiException.NotFound();
    }

    private static void AddLanguage(ApiCall call)
    {
        var newsletter = Parent(call);
        var language = FilterCondition.Text(call.Json(), "language") ?? throw ApiException.Invalid("language is required");
        var id = AddContent(call, newsletter, language);
        call.One("content", newsletter.Contents.Find(id));
    }

    private static JsonObject? FindLanguage(ApiCall call)
        => Parent(call).Contents.Rows.FirstOrDefault(content => content["language"]!.GetValue<string>() == call.Text("language"));

    private static JsonObject InLanguage(ApiCall call) => FindLanguage(call) ?? throw ApiException.NotFound();

    private static void UpdateLanguage(ApiCall call)
        => NewsletterRoutes.Change(call, FindLanguage(call) ?? throw ApiException.Invalid("no such language"));

    private static void DeleteLanguage(ApiCall call)
    {
        Parent(call).Contents.Remove(InLanguage(call)["id"]!.GetValue<long>());
        call.Response.Status = 204;
    }
}
