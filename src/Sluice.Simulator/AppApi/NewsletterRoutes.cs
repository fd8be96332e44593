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
        router.Get("/v1/newsletters/{id}", exchange => exchange.One("newsletter", Find(exchange).Row));
        router.Get("/v1/newsletters/{id}/contents", exchange => exchange.Whole("contents", Find(exchange).Contents.Rows));
        router.Get("/v1/newsletters/{id}/contents/{content_id}", exchange => exchange.One("content", Content(exchange)));
        router.Get("/v1/newsletters/{id}/test_groups", exchange => exchange.Whole("test_groups", Find(exchange).TestGroups.Rows));
        router.Write("DELETE", "/v1/newsletters/{id}", Delete);
        router.Write("PUT", "/v1/newsletters/{id}/contents/{content_id}", Update);
    }

    public static Newsletter Find(Exchange exchange)
        => exchange.World.Newsletters.GetValueOrDefault(exchange.Number("id")) ?? throw ApiException.NotFound();

    public static JsonObject Content(Exchange exchange)
        => Find(exchange).Contents.Find(exchange.Number("content_id")) ?? throw ApiException.NotFound();

    private static void All(Exchange exchange)
    {
        var limit = exchange.Limit(10, 100);
        var falling = exchange.OneOf("sort", Orders) == "desc";
        var after = exchange.Cursor()?.First;
        var all = exchange.World.Newsletters.Values;
        var rows = falling
            ? all.Where(newsletter => after is null || newsletter.Id < after).OrderByDescending(newsletter => newsletter.Id)
            : all.Where(newsletter => after is null || newsletter.Id > after).OrderBy(newsletter => newsletter.Id);
        exchange.Page(
            "newsletters", rows, limit, (writer, newsletter) => newsletter.Row.WriteTo(writer), newsletter => (newsletter.Id, 0), EndOfList.Null);
    }

    private static void Delete(Exchange exchange)
    {
        exchange.World.Newsletters.Remove(Find(exchange).Id);
        exchange.Answer.Status = 204;
    }

    private static void Update(Exchange exchange)
    {
        var content = Content(exchange);
        RowEdit.Apply(content, exchange.Json(), "id", "newsletter_id", "type", "deduplicate_id");
        exchange.One("content", content);
    }
}
