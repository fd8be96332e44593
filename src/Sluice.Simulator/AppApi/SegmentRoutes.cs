using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Simulator.Data;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.AppApi;

/// <summary>Segments and their members.</summary>
internal static class SegmentRoutes
{
    public static void Map(Router router)
    {
        router.Get("/v1/segments", call => call.Whole("segments", call.World.Segments.Table.Rows));
        router.Get("/v1/segments/{id}", call => call.One("segment", Find(call)));
        router.Get("/v1/segments/{id}/customer_count", CustomerCount);
        router.Get("/v1/segments/{id}/membership", Membership);
        router.Get("/v1/segments/{id}/used_by", UsedBy);
        router.Write("POST", "/v1/segments", Create);
        router.Write("DELETE", "/v1/segments/{id}", Delete);
    }

    private static JsonObject Find(ApiCall call)
        => call.World.Segments.Table.Find(call.Number("id")) ?? throw new ApiException(404, "segment not found");

    private static void CustomerCount(ApiCall call)
    {
        Find(call);
        var id = call.Number("id");
        call.Object(writer =>
        {
            writer.WriteNumber("segment_id", id);
            writer.WriteNumber("count", call.World.Segments.CountOf(id));
        });
    }

    private static void Membership(ApiCall call)
    {
        Find(call);
        var (id, people) = (call.Number("id"), call.World.People);
        var limit = call.Limit(1000, 30_000);
        var from = call.Cursor() is { } cursor ? cursor.First + 1 : 0;
        var rows = call.World.Segments.Members(id, from).Take(limit + 1).Select(people.KeyOf).ToList();
        call.Object(writer =>
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
            ListResponses.WriteNext(call, writer, rows.Count > limit ? (rows[limit - 1].Index, 0) : null, EndOfList.Absent);
        });
    }

    private static void UsedBy(ApiCall call)
    {
        Find(call);
        var (id, world) = (call.Number("id"), call.World);
        call.Object(writer =>
        {
            writer.WriteNumber("segment_id", id);
            writer.WriteStartObject("used_by");
            UsedByJson.WriteMembers(
                writer,
                world.Campaigns.Values.Where(campaign =>
                    Names(campaign.Row, "trigger_segment_ids", id) || Names(campaign.Row, "filter_segment_ids", id)),
                world.Newsletters.Values.Where(newsletter => Names(newsletter.Row, "recipient_segment_ids", id)));
            writer.WriteEndObject();
        });
    }

    private static bool Names(JsonObject row, string member, int id)
        => row[member] is JsonArray ids && ids.Any(value => value!.GetValue<int>() == id);

    private static void Create(ApiCall call)
    {
        var segment = CustomerRoutes.Required(call, "segment");
        var name = FilterCondition.Text(segment, "name");
        if (string.IsNullOrWhiteSpace(name))
        {
            throw new ApiException(400, "name cannot be blank", ErrorEnvelope.Pointer, "/data/attributes/name");
        }

        var table = call.World.Segments.Table;
        var row = Segments.Row(table.NextId, name, "manual", call.Now);
        row["description"] = FilterCondition.Text(segment, "description") ?? "";
        call.World.Segments.Make(table.NextId, row);
        call.One("segment", row);
    }

    private static void Delete(ApiCall call)
    {
        Find(call);
        var id = call.Number("id");
        if (!call.World.Segments.IsManual(id))
        {
            throw ApiException.Invalid("only manual segments can be deleted");
        }

        call.World.Segments.Table.Remove(id);
        call.Response.Status = 204;
    }
}

/// <summary>Writes what uses a segment or a sender.</summary>
internal static class UsedByJson
{
    public static void WriteMembers(Utf8JsonWriter writer, IEnumerable<Journey> campaigns, IEnumerable<Newsletter> newsletters)
    {
        var all = newsletters.ToList();
        WriteIds(writer, "campaigns", campaigns.Select(campaign => campaign.Id));
        WriteIds(writer, "sent_newsletters", all.Where(newsletter => newsletter.SentAt is not null).Select(newsletter => newsletter.Id));
        WriteIds(writer, "draft_newsletters", all.Where(newsletter => newsletter.SentAt is null).Select(newsletter => newsletter.Id));
    }

    private static void WriteIds(Utf8JsonWriter writer, string name, IEnumerable<int> ids)
    {
        writer.WriteStartArray(name);
        foreach (var id in ids)
        {
            writer.WriteNumberValue(id);
        }

        writer.WriteEndArray();
    }
}
