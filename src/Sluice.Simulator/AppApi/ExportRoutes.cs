using System.Globalization;
using System.Text.Json;
using Sluice.Simulator.Data;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.AppApi;

/// <summary>Exports: create, poll, get a link, download the file without an API key.</summary>
internal static class ExportRoutes
{
    private const int LinkMinutes = 15;
    private static readonly string[] ParentMembers = ["newsletter_id", "campaign_id", "transactional_message_id", "action_id"];

    public static void Map(Router router)
    {
        router.Get("/v1/exports", call => call.Whole("exports", call.World.Exports.All.Select(export => export.ToRow(Polls(call)))));
        router.Write("GET", "/v1/exports/{id}", Poll);
        router.Write("GET", "/v1/exports/{id}/download", Link);
        router.Write("POST", "/v1/exports/customers", People);
        router.Write("POST", "/v1/exports/deliveries", Deliveries);
        router.Get("/_files/{workspace}/{id}/{expires}/{signature}", File, Access.Open);
    }

    private static int Polls(ApiCall call) => call.World.Options.ExportPolls;

    private static Export Find(ApiCall call) => call.World.Exports.Find(call.Number("id")) ?? throw ApiException.NotFound();

    private static void Poll(ApiCall call)
    {
        var export = Find(call);
        export.Polls += export.Polls == int.MaxValue ? 0 : 1;
        call.One("export", export.ToRow(Polls(call)));
    }

    private static void Link(ApiCall call)
    {
        var export = Find(call);
        if (!export.Done(Polls(call)))
        {
            throw ApiException.Invalid("the export is not ready");
        }

        export.Downloads++;
        var expires = call.Now + LinkMinutes * 60;
        var path = string.Create(CultureInfo.InvariantCulture, $"/_files/{call.World.Number}/{export.Id}/{expires}/{Sign(export.Id, expires)}");
        call.Object(writer => writer.WriteString("url", new Uri(call.BaseAddress, path).ToString()));
    }

    private static string Sign(int id, long expires) => Cursors.Encode("export link", id, expires);

    private static void File(ApiCall call)
    {
        if (call.HasAuthorization)
        {
            throw ApiException.Invalid("only one auth mechanism allowed; the link is signed and the key must stay away from it");
        }

        var (id, expires) = (call.Number("id"), call.Number("expires"));
        var export = call.Worlds.ElementAtOrDefault(call.Number("workspace"))?.Exports.Find(id);
        if (export is null || call.Text("signature") != Sign(id, expires) || call.Now > expires)
        {
            throw new ApiException(403, "the link has expired");
        }

        ExportFile.Send(call, export);
    }

    // The two exports that exist from the start do not count towards the requested failures.
    private static Export Added(ApiCall call, string type, string description)
    {
        var exports = call.World.Exports;
        var asked = exports.All.Count() - Exports.Old;
        var export = exports.Add(type, description, call.Now);
        export.Failed = asked < call.World.Options.ExportFailures;
        return export;
    }

    private static void People(ApiCall call)
    {
        var body = call.Json();
        var filter = body.TryGetProperty("filters", out var value) ? value : throw ApiException.Invalid("filters is required");
        var world = call.World;
        var matches = PeopleFilter.Read(world, filter);
        var export = Added(call, "customers", "Customers export (created via the api)");
        var people = world.People.From(0).Where(matches).ToList();
        var attributes = Attributes(body);
        export.Total = people.Count;
        export.Rows = () => ExportRows.People(world, people, attributes);
        call.One("export", export.ToRow(Polls(call)));
    }

    private static List<string> Attributes(JsonElement body)
        => body.TryGetProperty("attributes", out var names) && names.ValueKind == JsonValueKind.Array
            ? [.. names.EnumerateArray().Select(name => name.ToString())]
            : [];

    private static void Deliveries(ApiCall call)
    {
        var body = call.Json();
        var parents = ParentMembers.Where(name => body.TryGetProperty(name, out _)).ToList();
        if (parents.Count != 1 || !body.GetProperty(parents[0]).TryGetInt32(out var id))
        {
            throw ApiException.Invalid($"exactly one of {string.Join(", ", ParentMembers)} is required");
        }

        var end = Second(body, "end") ?? call.Now;
        var start = Second(body, "start") ?? Months(end, -6);
        var parent = parents[0] switch
        {
            "newsletter_id" => new DeliverySelection(0, 0) { Kind = ParentKind.Newsletter, ParentId = id },
            "campaign_id" => new DeliverySelection(0, 0) { Kind = ParentKind.Campaign, ParentId = id },
            "transactional_message_id" => new DeliverySelection(0, 0) { Kind = ParentKind.Transactional, ParentId = id },
            _ => new DeliverySelection(0, 0) { PartId = id },
        };
        var selection = parent with { From = Math.Max(start, Months(end, -12)), Until = end };
        var drafts = body.TryGetProperty("drafts", out var flag) && flag.ValueKind == JsonValueKind.True;
        var recipientAttributes = Attributes(body);
        var export = Added(call, "deliveries", "Full deliveries export (created via the api)");
        var (world, metric) = (call.World, MetricOf(body));
        var deliveries = world.Deliveries.Newest(selection).Where(delivery => (drafts || !delivery.Draft) && Has(delivery)).ToList();
        export.Total = deliveries.Count;
        export.Rows = () => ExportRows.Deliveries(world, deliveries, recipientAttributes);
        call.One("export", export.ToRow(Polls(call)));

        bool Has(Delivery delivery) => metric is null || DeliveryMetrics.Happened(world.Deliveries.MetricsOf(delivery), metric.Value, call.Now);
    }

    private static Metric? MetricOf(JsonElement body) => FilterCondition.Text(body, "metric") switch
    {
        null => null,
        "created" => Metric.Created,
        var name => MetricNames.Filter(name) ?? throw ApiException.Invalid($"unknown metric: {name}"),
    };

    private static long? Second(JsonElement body, string name) =>
        body.TryGetProperty(name, out var value)
            ? value.TryGetInt64(out var second)
                ? second
                : throw ApiException.Invalid($"{name} must be seconds")
            : null;

    private static long Months(long second, int months) => DateTimeOffset.FromUnixTimeSeconds(second).AddMonths(months).ToUnixTimeSeconds();
}
