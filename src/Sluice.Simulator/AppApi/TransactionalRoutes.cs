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
        router.Get("/v1/transactional", call => call.Whole("messages", call.World.Transactional.Values.Select(message => message.Row)));
        router.Get("/v1/transactional/{id}", call => call.One("message", Find(call).Row));
        router.Get("/v1/transactional/{id}/contents", call => call.Whole("contents", Find(call).Contents.Rows));
        router.Write("PUT", "/v1/transactional/{id}/content/{content_id}", Update);
        router.Get("/v1/transactional/{id}/language/{language}", call => call.One("content", InLanguage(call)));
        router.Write("PUT", "/v1/transactional/{id}/language/{language}", UpdateLanguage);
    }

    public static TransactionalMessage Find(ApiCall call)
        => call.World.Transactional.GetValueOrDefault(call.Number("id"))
            ?? throw new ApiException(404, "transactional message not found", ErrorEnvelope.Meta);

    private static JsonObject InLanguage(ApiCall call)
        => Find(call).Contents.Rows.FirstOrDefault(content => content["language"]!.GetValue<string>() == call.Text("language"))
            ?? throw ApiException.NotFound();

    private static void UpdateLanguage(ApiCall call)
    {
        var content = InLanguage(call);
        RowEdit.Apply(content, call.Json(), "id", "language", "type", "created");
        call.One("content", content);
    }

    private static void Update(ApiCall call)
    {
        var content = Find(call).Contents.Find(call.Number("content_id")) ?? throw ApiException.NotFound();
        foreach (var member in call.Json().EnumerateObject())
        {
            if (!Writable.Contains(member.Name))
            {
                throw ApiException.Invalid($"{member.Name} cannot be changed");
            }

            var isHeaders = member.Name == "headers";
            content[member.Name] = isHeaders ? JsonValue.Create(member.Value.GetRawText()) : JsonNode.Parse(member.Value.GetRawText());
        }

        call.Whole("content", [content]);
    }
}
