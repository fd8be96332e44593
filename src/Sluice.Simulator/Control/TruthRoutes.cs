using Sluice.Simulator.Http;

namespace Sluice.Simulator.Control;

/// <summary>The truth over HTTP: a table as newline-delimited JSON, its number of rows, or one count of a metric.</summary>
internal static class TruthRoutes
{
    public static void Map(Router router)
    {
        router.Get("/_sim/truth", Tables, Access.Control);
        router.Get("/_sim/truth/metrics", Metrics, Access.Control);
        router.Get("/_sim/truth/{table}", Table, Access.Control);
    }

    private static void Tables(ApiCall call) => call.Object(writer =>
    {
        writer.WriteStartArray("tables");
        foreach (var table in World.Tables)
        {
            writer.WriteStringValue(table);
        }

        writer.WriteEndArray();
    });

    private static void Table(ApiCall call)
    {
        try
        {
            var lines = call.World.Lines(call.Text("table"));
            if (call.Flag("count"))
            {
                var rows = lines.LongCount();
                call.Object(writer => writer.WriteNumber("rows", rows));
                return;
            }

            call.Response.ContentType = "application/x-ndjson";
            call.Response.Lines = lines;
        }
        catch (ArgumentException unknown)
        {
            throw new ApiException(404, unknown.Message);
        }
    }

    private static void Metrics(ApiCall call)
    {
        try
        {
            var query = call.Query;
            var count = call.World.CountMetric(
                query["metric"] ?? "", query["parent"] ?? "", (int)(call.Whole("id") ?? 0), (int?)call.Whole("part"),
                call.Whole("from") ?? 0, call.Whole("until") ?? long.MaxValue);
            call.Object(writer => writer.WriteNumber("count", count));
        }
        catch (ArgumentException wrong)
        {
            throw ApiException.Invalid(wrong.Message);
        }
    }
}
