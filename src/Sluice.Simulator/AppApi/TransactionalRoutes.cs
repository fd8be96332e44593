using System.Text.Json.Nodes;
using Sluice.Simulator.Data;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.AppApi;

/// <summary>Transactional messages, which are templates, and their language variants.</summary>
internal static class TransactionalRoutes
{
    private static readonly string[] Writable =
        ["body", "from_id", "reply_to_id", "recipient", "subject", "preheader_text", "body_amp", "headers"];

    public static void Map(Router router)
    {
        router.Get("/v1/transactional", exchange => exchange.Whole("messages", exchange.World.Transactional.Values.Select(message => message.Row)));
        router.Get("/v1/transactional/{id}", exchange => exchange.One("message", Find(exchange).Row));
        router.Get("/v1/transactional/{id}/contents", exchange => exchange.Whole("contents", Find(exchange).Contents.Rows));
        router.Write("PUT", "/v1/transactional/{id}/content/{content_id}", Update);
        router.Get("/v1/transactional/{id}/language/{language}", exchange => exchange.One("content", InLanguage(exchange)));
        router.Write("PUT", "/v1/transactional/{id}/language/{language}", UpdateLanguage);
    }

    public static TransactionalMessage Find(Exchange exchange)
        => exchange.World.Transactional.GetValueOrDefault(exchange.Number("id"))
            ?? throw new ApiException(404, "transactional message not found", ErrorEnvelope.Meta);

    private static JsonObject InLanguage(Exchange exchange)
        => Find(exchange).Contents.Rows.FirstOrDefault(content => content["language"]!.GetValue<string>() == exchange.Text("language"))
            ?? throw ApiException.NotFound();

    private static void UpdateLanguage(Exchange exchange)
    {
        var content = InLanguage(exchange);
        RowEdit.Apply(content, exchange.Json(), "id", "language", "type", "created");
        exchange.One("content", content);
    }

    private static void Update(Exchange exchange)
    {
        var content = Find(exchange).Contents.Find(exchange.Number("content_id")) ?? throw ApiException.NotFound();
        foreach (var member in exchange.Json().EnumerateObject())
        {
            if (!Writable.Contains(member.Name))
            {
                throw ApiException.Invalid($"{member.Name} cannot be changed");
            }

            var isHeaders = member.Name == "headers";
            content[member.Name] = isHeaders ? JsonValue.Create(member.Value.GetRawText()) : JsonNode.Parse(member.Value.GetRawText());
        }

        exchange.Whole("content", [content]);
    }
}
