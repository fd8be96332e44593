using System.Text.Json;
using Sluice.Simulator.AppApi;
using Sluice.Simulator.Data;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.TrackApi;

/// <summary>Version 1: people, events, devices, merges; a success is an empty object.</summary>
internal static class TrackV1Routes
{
    private static readonly string[] Metrics = ["bounced", "clicked", "converted", "deferred", "delivered", "dropped", "opened", "spammed"];

    private static readonly string[] Kinds = ["id", "email", "cio_id"];

    public static void Map(Router router)
    {
        Add(router, "PUT", "/api/v1/customers/{identifier}", Identify);
        Add(router, "DELETE", "/api/v1/customers/{identifier}", x => x.World.Edits.Delete(Who(x)));
        Add(router, "POST", "/api/v1/customers/{identifier}/suppress", x => x.World.Edits.Suppress(Who(x)));
        Add(router, "POST", "/api/v1/customers/{identifier}/unsuppress", x => x.World.People.Unsuppress(Who(x).Value));
        Add(router, "PUT", "/api/v1/customers/{identifier}/devices", AddDevice);
        Add(router, "DELETE", "/api/v1/customers/{identifier}/devices/{device_id}", x => x.World.Edits.RemoveDevice(Who(x), x.Text("device_id")));
        Add(router, "POST", "/api/v1/customers/{identifier}/events", x => Event(x, Who(x)));
        Add(router, "POST", "/api/v1/events", x => Event(x, null));
        Add(router, "POST", "/api/v1/merge_customers", Merge);
        Add(router, "POST", "/api/v1/segments/{segment_id}/add_customers", x => ChangeMembers(x, x.OneOf("id_type", Kinds) ?? "id", member: true));
        Add(router, "POST", "/api/v1/segments/{segment_id}/remove_customers", x => ChangeMembers(x, "id", member: false));
        Add(router, "POST", "/api/v1/metrics", ReportMetric, Access.TrackOpen);
        Add(router, "POST", "/api/v1/push/events", x => TrackBody.OneOf(x.Json(), "event", "opened", "converted", "delivered"), Access.TrackOpen);
        Add(router, "POST", "/unsubscribe/{delivery_id}", Unsubscribe, Access.TrackOpen);
        router.Write("POST", "/api/v1/forms/{form_id}/submit", SubmitForm, Access.Track);
        router.Get("/api/v1/accounts/region", Region, Access.Track);
    }

    /// <summary>Version 1 reports errors as a list of strings.</summary>
    private static void Add(Router router, string method, string pattern, Action<ApiCall> handle, Access access = Access.Track)
        => router.Write(method, pattern, call => Guard(call, handle), access);

    private static void Guard(ApiCall call, Action<ApiCall> handle)
    {
        try
        {
            handle(call);
        }
        catch (ApiException problem) when (problem.Status == 400)
        {
            throw new ApiException(400, problem.Message, ErrorEnvelope.MetaList);
        }

        call.Object(_ => { });
    }

    private static PersonReference Who(ApiCall call) => PersonReference.FromPath(call.Text("identifier"));

    private static void Identify(ApiCall call)
    {
        var body = call.Body.IsEmpty ? default(JsonElement?) : call.Json();
        if (body is { } checkedBody)
        {
            TrackBody.Second(checkedBody, "created_at");
            TrackBody.OptionalText(checkedBody, "email");
        }

        var onlyUpdate = body is { } given && given.TryGetProperty("_update", out var flag) && flag.ValueKind == JsonValueKind.True;
        call.World.Edits.Identify(Who(call), body?.EnumerateObject().ToList() ?? [], onlyUpdate);
        if (body is { } whole && TrackBody.Object(whole, "cio_relationships") is { } relationships)
        {
            var add = TrackBody.OneOf(relationships, "action", "add_relationships", "delete_relationships") == "add_relationships";
            TrackRelationships.OfPerson(call.World, Who(call), relationships.TryGetProperty("relationships", out var list) ? list : default, add);
        }
    }

    private static void AddDevice(ApiCall call)
        => call.World.Edits.SetDevice(Who(call), TrackBody.Device(TrackBody.RequiredObject(call.Json(), "device"), "id", call.Now));

    private static void Event(ApiCall call, PersonReference? who)
    {
        var body = call.Json();
        var type = body.TryGetProperty("type", out _) ? TrackBody.OneOf(body, "type", "event", "page", "screen") : "event";
        call.World.Edits.Event(
            who, type, TrackBody.Text(body, "name"), TrackBody.OptionalText(body, "id"), TrackBody.Second(body, "timestamp"),
            TrackBody.Node(TrackBody.Object(body, "data")));
    }

    private static void Merge(ApiCall call)
    {
        var body = call.Json();
        var primary = TrackBody.Person(TrackBody.RequiredObject(body, "primary"), "primary", "id", "email", "cio_id");
        var secondary = TrackBody.Person(TrackBody.RequiredObject(body, "secondary"), "secondary", "id", "email", "cio_id");
        call.World.Edits.Merge(primary, secondary);
    }

    /// <summary>Values of another kind are passed over in silence; removing knows no kind but the id: nobody without one is removed.</summary>
    private static void ChangeMembers(ApiCall call, string kind, bool member)
    {
        var segment = call.Number("segment_id");
        if (!call.World.Segments.IsManual(segment))
        {
            throw ApiException.Invalid("the segment does not exist or is not manual");
        }

        if (!call.Json().TryGetProperty("ids", out var ids) || ids.ValueKind != JsonValueKind.Array || ids.GetArrayLength() is 0 or > 1000
            || ids.EnumerateArray().Any(id => id.ValueKind != JsonValueKind.String))
        {
            throw ApiException.Invalid("ids must hold between 1 and 1000 strings");
        }

        foreach (var id in ids.EnumerateArray().Select(id => id.GetString()!))
        {
            if (call.World.Edits.Find(new PersonReference(kind, id)) is { } person)
            {
                call.World.Segments.SetByHand(segment, person, member);
            }
        }
    }

    private static void ReportMetric(ApiCall call)
    {
        var body = call.Json();
        TrackBody.Text(body, "delivery_id");
        TrackBody.OneOf(body, "metric", Metrics);
        TrackBody.Second(body, "timestamp");
    }

    private static void Unsubscribe(ApiCall call)
    {
        var index = DeliveryIds.Decode(call.World.Random, call.Text("delivery_id")) ?? throw ApiException.Invalid("unknown delivery");
        var unsubscribe = call.Body.IsEmpty || !call.Json().TryGetProperty("unsubscribe", out var flag) || flag.ValueKind == JsonValueKind.True;
        var person = call.World.Deliveries.At(index).Person;
        if (call.World.People.Exists(person))
        {
            call.World.Edits.SetUnsubscribed(person, unsubscribe);
        }
    }

    private static void SubmitForm(ApiCall call)
    {
        try
        {
            var data = TrackBody.RequiredObject(call.Json(), "data");
            var who = TrackBody.Person(data, "data", "id", "email");
            call.World.Edits.Identify(who, data.EnumerateObject().ToList(), onlyUpdate: false);
            call.Response.Status = 204;
        }
        catch (ApiException problem) when (problem.Status == 400)
        {
            throw new ApiException(400, problem.Message, ErrorEnvelope.MetaList);
        }
    }

    private static void Region(ApiCall call) => call.Object(writer =>
    {
        var region = call.World.Options.Region;
        writer.WriteString("url", region == "eu" ? "https://track-eu.customer.io" : "https://track.customer.io");
        writer.WriteString("region", region);
        writer.WriteNumber("environment_id", WorkspaceJson.IdOf(call.World));
    });
}
