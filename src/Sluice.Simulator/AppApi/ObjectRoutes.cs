using System.Globalization;
using System.Text.Json;
using Sluice.Simulator.Data;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.AppApi;

/// <summary>Object types, objects by filter, and single objects.</summary>
internal static class ObjectRoutes
{
    private static readonly string[] Kinds = ["object_id", "cio_object_id"];

    public static void Map(Router router)
    {
        router.Get("/v1/object_types", call => call.Whole("types", call.World.Objects.Types.Rows));
        router.Query("/v1/objects", Search);
        router.Get("/v1/objects/{object_type_id}/{object_id}/attributes", Attributes);
        router.Get("/v1/objects/{object_type_id}/{object_id}/relationships", Relationships);
    }

    private static void Search(ApiCall call)
    {
        var body = call.Json();
        var type = FilterCondition.Text(body, "object_type_id");
        if (type is null || !int.TryParse(type, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || call.World.Objects.Types.Find(number) is null)
        {
            throw ApiException.Invalid("object_type_id must be the id of an object type, as a string");
        }

        var matches = new AudienceFilter<CioObject>((name, value) => name == "object_attribute" ? Attribute(value, type) : null)
            .Read(CustomerRoutes.Required(call, "filter"));
        var limit = call.Limit(50, 1000);
        var skip = call.Cursor()?.First ?? -1;
        var rows = call.World.Objects.OfType(number).Where(matches).Where(found => found.Index > skip).Take(limit + 1).ToList();
        WritePage(call, rows, limit, Repeated(call, number, skip, limit));
    }

    /// <summary>The API can repeat entries across pages; here the last entry of a page is the first of the next.</summary>
    private static CioObject? Repeated(ApiCall call, int type, long last, int limit)
        => last >= 0 && limit > 1 && call.World.Options.RepeatAcrossPages ? call.World.Objects.At(type, last) : null;

    private static void WritePage(ApiCall call, List<CioObject> rows, int limit, CioObject? repeated)
    {
        var fresh = repeated is null ? limit : limit - 1;
        var page = rows.Take(fresh).ToList();
        var shown = repeated is null ? page : [repeated, .. page];
        call.Object(writer =>
        {
            writer.WriteStartArray("identifiers");
            foreach (var found in shown)
            {
                ObjectJson.WriteIdentifiers(writer, found);
            }

            writer.WriteEndArray();
            writer.WriteStartArray("ids");
            foreach (var found in shown)
            {
                writer.WriteStringValue(found.ObjectId);
            }

            writer.WriteEndArray();
            ListResponses.WriteNext(call, writer, rows.Count > fresh ? (page[^1].Index, 0) : null, EndOfList.Null);
        });
    }

    private static Func<CioObject, bool> Attribute(JsonElement condition, string type)
    {
        var read = FilterCondition.Read(condition);
        if (!condition.TryGetProperty("type_id", out var typeId) || typeId.ToString() != type)
        {
            throw ApiException.Invalid("type_id must equal object_type_id");
        }

        return read.Field switch
        {
            "object_id" => found => read.Holds(found.ObjectId),
            "cio_object_id" => found => read.Holds(found.CioObjectId),
            _ => found => read.Holds(found.Attributes[read.Field]?.ToString()),
        };
    }

    private static CioObject? Find(ApiCall call)
    {
        var type = call.Number("object_type_id");
        var byCioId = call.OneOf("id_type", Kinds) == "cio_object_id";
        return call.World.Objects.Find(type, call.Text("object_id"), byCioId);
    }

    private static void Attributes(ApiCall call)
    {
        var found = call.IsUnencoded("object_id") ? null : Find(call) ?? throw ApiException.NotFound();
        call.Object(writer =>
        {
            writer.WritePropertyName("object");
            if (found is null)
            {
                writer.WriteRawValue("{}");
            }
            else
            {
                ObjectJson.WriteObject(writer, found);
            }
        });
    }

    private static void Relationships(ApiCall call)
    {
        if (call.IsUnencoded("object_id"))
        {
            call.Empty("cio_relationships");
            return;
        }

        var found = Find(call) ?? throw ApiException.NotFound();
        var limit = call.Limit(50, 1000);
        var skip = call.Cursor()?.First ?? 0;
        var repeat = skip > 0 && limit > 1 && call.World.Options.RepeatAcrossPages ? 1 : 0;
        var rows = call
            .World.Relationships.OfObject(found)
            .Select((relationship, position) => (Relationship: relationship, Position: (long)position + 1));
        call.Page(
            "cio_relationships", rows.Where(row => row.Position > skip - repeat), limit,
            (writer, row) => ObjectJson.WriteRelatedPerson(writer, call.World, row.Relationship), row => (row.Position, 0), EndOfList.Absent);
    }
}
