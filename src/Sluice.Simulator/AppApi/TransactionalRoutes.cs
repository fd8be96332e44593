using System.Text.Json.Nodes;
using Sluice.Simulator.Data;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.AppApi;

/// <summary>Transactional messages, which are templates, and their language variants.</summary>
internal static class TransactionalRoutes
{
    public static void Map(Router router)
    {
        router.Get("/v1/transactional", call => call.Whole("messages", call.World.Transactional.Values.Select(message => message.Row)));
        router.Get("/v1/transactional/{id}", call => call.One("message", Find(call).Row));
        router.Get("/v1/transactional/{id}/contents", call => call.Whole("contents", Find(call).Contents.Rows));
        router.Write("PUT", "/v1/transactional/{id}/content/{content_id}", call => Change(call, Content(call)));
        router.Get("/v1/transactional/{id}/language/{language}", call => call.One("content", InLanguage(call)));
        router.Write("PUT", "/v1/transactional/{id}/language/{language}", call => Change(call, InLanguage(call)));
    }

    public static TransactionalMessage Find(ApiCall call)
        => call.World.Transactional.GetValueOrDefault(call.Number("id"))
            ?? throw new ApiException(404, "transactional message not found", ErrorEnvelope.Meta);

    private static JsonObject InLanguage(ApiCall call)
        => Find(call).Contents.Rows.FirstOrDefault(content => content["language"]!.GetValue<string>() == call.Text("language"))
            ?? throw ApiException.NotFound();

    private static JsonObject Content(ApiCall call)
        => Find(call).Contents.Find(call.Number("content_id")) ?? throw ApiException.NotFound();

    /// <summary>A full overwrite: what is left out is emptied. The answer is a list, though it holds one content.</summary>
    private static void Change(ApiCall call, JsonObject content)
    {
        ContentEdit.Apply(call, content, WritableKeys.Transactional, overwrites: true);
        content["updated"] = call.Now;
        call.Whole("content", [content]);
    }
}
