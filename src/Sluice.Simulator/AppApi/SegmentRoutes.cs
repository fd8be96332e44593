using System.Text.Json.Nodes;
using Sluice.Simulator.Data;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.AppApi;

/// <summary>Segments and who is in them.</summary>
internal static class SegmentRoutes
{
    public static void Map(Router router)
    {
        router.Get("/v1/segments", exchange => exchange.Whole("segments", exchange.World.Segments.Table.Rows));
        router.Get("/v1/segments/{id}", exchange => exchange.One("segment", Find(exchange)));
        router.Get("/v1/segments/{id}/customer_count", CustomerCount);
        router.Get("/v1/segments/{id}/membership", Membership);
        router.Get("/v1/segments/{id}/used_by", UsedBy);
        router.Write("POST", "/v1/segments", Create);
        router.Write("DELETE", "/v1/segments/{id}", Delete);
    }

    private static JsonObject Find(Exchange exchange)
        => exchange.World.Segments.Table.Find(exchange.Number("id")) ?? throw new ApiException(404, "segment not found");

    private static void CustomerCount(Exchange exchange)
    {
        Find(exchange);
        var id = exchange.Number("id");
        exchange.Object(writer =>
        {
            writer.WriteNumber("segment_id", id);
            writer.WriteNumber("count", exchange.World.Segments.CountOf(id));
        });
    }

    private static void Membership(Exchange exchange)
    {
        Find(exchange);
        var (id, people) = (exchange.Number("id"), exchange.World.People);
        var limit = exchange.Limit(1000, 30_000);
        var from = exchange.Cursor() is { } cursor ? cursor.First + 1 : 0;
        var rows = exchange.World.Segments.Members(id, from).Take(limit + 1).Select(people.KeyOf).ToList();
        exchange.Object(writer =>
        {
            writer.WriteNumber("segment_id", id);
            writer.WriteStartArray("ids");
            foreach (var person in rows.Take(limit))
            {
                writer.WriteStringValue(person.Id ?? "");
            }

            writer.WriteEndArray();
            writer.WriteStartArray("identifiers");
            foreach (var person in rows.Take(limit))
            {
                PersonJson.WriteIdentifiers(writer, person);
            }

            writer.WriteEndArray();
            Lists.WriteNext(exchange, writer, rows.Count > limit ? (rows[limit - 1].Index, 0) : null, EndOfList.Absent);
        });
    }

    private static void UsedBy(Exchange exchange)
    {
        Find(exchange);
        var (id, world) = (exchange.Number("id"), exchange.World);
        exchange.Object(writer =>
        {
            writer.WriteNumber("segment_id", id);
            writer.WriteStartObject("used_by");
            UsedByJson.WriteMembers(
                writer,
                world.Campaigns.Values.Where(campaign => Names(campaign.Row, "trigger_segment_ids", id) || Names(campaign.Row, "filter_segment_ids", id)),
                world.Newsletters.Values.Where(newsletter => Names(newsletter.Row, "recipient_segment_ids", id)));
            writer.WriteEndObject();
        });
    }

    private static bool Names(JsonObject row, string member, int id)
        => row[member] is JsonArray ids && ids.Any(value => value!.GetValue<int>() == id);

    private static void Create(Exchange exchange)
    {
        var segment = CustomerRoutes.Required(exchange, "segment");
        var name = FilterCondition.Text(segment, "name");
        if (string.IsNullOrWhiteSpace(name))
        {
            throw new ApiException(400, "name cannot be blank", ErrorEnvelope.Pointer, "/data/attributes/name");
        }

        var table = exchange.World.Segments.Table;
        var row = Segments.Row(table.NextId, name, "manual", exchange.Now);
        row["description"] = FilterCondition.Text(segment, "description") ?? "";
        table.Put(table.NextId, row);
        exchange.One("segment", row);
    }

    private static void Delete(Exchange exchange)
    {
        Find(exchange);
        var id = exchange.Number("id");
        if (!exchange.World.Segments.IsManual(id))
        {
            throw ApiException.Invalid("only manual segments can be deleted");
        }

        exchange.World.Segments.Table.Remove(id);
        exchange.Answer.Status = 204;
    }
}
