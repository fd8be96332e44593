using System.Text.Json.Nodes;
using Sluice.Writes.Import;
using Sluice.Writes.Operations;

namespace Sluice.Writes.Statements;

/// <summary>What a procedure has done, as it can be read back.</summary>
internal static class SentProcedure
{
    // No row of an import is one.
    private static readonly Operation Message = OperationCatalog.Find("events")! with { Name = "message" };

    public static IEnumerable<SentChange> Of(PlannedCall call, Procedure procedure, JsonNode? answer)
    {
        var body = call.Body as JsonObject ?? [];
        return procedure.ReadBack switch
        {
            ReadBackForm.Person => [Person(procedure, body["identifiers"], body["attributes"] as JsonObject ?? [], isGone: false)],
            ReadBackForm.NoPerson => [Person(procedure, body["identifiers"], [], isGone: true)],
            ReadBackForm.Merged => [Person(procedure, body["primary"], [], isGone: false), Person(procedure, body["secondary"], [], isGone: true)],
            ReadBackForm.Object => [Object(procedure, body, isGone: false), .. Related(procedure, body, isGone: false)],
            ReadBackForm.NoObject => [Object(procedure, body, isGone: true)],
            ReadBackForm.Related => Related(procedure, body, isGone: false),
            ReadBackForm.NotRelated => Related(procedure, body, isGone: true),
            ReadBackForm.Member => Members(call, procedure, isGone: false),
            ReadBackForm.NoMember => Members(call, procedure, isGone: true),
            ReadBackForm.Message => Messages(procedure, body, answer),
            _ => [],
        };
    }

    private static SentChange Person(Procedure procedure, JsonNode? names, JsonObject values, bool isGone)
    {
        var (kind, name) = (names!.AsObject().First().Key, names.AsObject().First().Value!.ToString());
        return Change(procedure, Operation("people", isGone), kind, "", new SentRow(0, Place(0), name, null, values));
    }

    private static SentChange Object(Procedure procedure, JsonObject body, bool isGone)
    {
        var alone = (JsonObject)body.DeepClone();
        alone.Remove("cio_relationships");
        return Change(procedure, Operation("objects", isGone), "", "", SentRow.Of(alone, 0, Place(0)));
    }

    private static IEnumerable<SentChange> Related(Procedure procedure, JsonObject body, bool isGone) =>
        (body["cio_relationships"] as JsonArray ?? []).Select((person, place) =>
        {
            var one = (JsonObject)body.DeepClone();
            one["cio_relationships"] = new JsonArray(person!.DeepClone());
            return Change(
                procedure, Operation("relationships", isGone), SentRow.PersonOf(one)!.Value.Key, "", SentRow.Of(one, 0, Place(place + 1)));
        });

    private static IEnumerable<SentChange> Members(PlannedCall call, Procedure procedure, bool isGone)
    {
        var kind = call.Query.Count > 0 ? call.Query[0].Value : "id";
        return call.Body!["ids"]!.AsArray().Select((id, place) => Change(
            procedure, Operation("segment", isGone), kind, call.Route[0].Value, new SentRow(0, Place(place), id!.ToString(), null, [])));
    }

    // What is sent later, or held as a draft, is no message yet.
    private static IEnumerable<SentChange> Messages(Procedure procedure, JsonObject body, JsonNode? answer) =>
        body["send_at"] is not null || body["queue_draft"]?.ToString() == "true" ? []
        : [Change(procedure, Message, "delivery_id", "", new SentRow(0, Place(0), answer?["delivery_id"]?.ToString() ?? "", null, []))];

    private static SentChange Change(Procedure procedure, Operation operation, string kind, string route, SentRow row) =>
        new(new SentKind(operation, kind, route), $"{procedure.Name} {(row.Object is null ? $"{kind}=" : "")}{row.Identifier}", row);

    private static Operation Operation(string name, bool isGone) => (isGone ? OperationCatalog.FindRemoval(name) : OperationCatalog.Find(name))!;

    private static BatchItem Place(long number) => new(number, 0, number);
}
