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

    private static void Tables(Exchange exchange) => exchange.Object(writer =>
    {
        writer.WriteStartArray("tables");
        foreach (var table in World.Tables)
        {
            writer.WriteStringValue(table);
        }

        writer.WriteEndArray();
    });

    private static void Table(Exchange exchange)
    {
        try
        {
            var lines = exchange.World.Lines(exchange.Text("table"));
            if (exchange.Flag("count"))
            {
                var rows = lines.LongCount();
                exchange.Object(writer => writer.WriteNumber("rows", rows));
                return;
            }

            exchange.Answer.ContentType = "application/x-ndjson";
            exchange.Answer.Lines = lines;
        }
        catch (ArgumentException unknown)
        {
            throw new ApiException(404, unknown.Message);
        }
    }

    private static void Metrics(Exchange exchange)
    {
        try
        {
            var query = exchange.Query;
            var count = exchange.World.CountMetric(
                query["metric"] ?? "", query["parent"] ?? "", (int)(exchange.Whole("id") ?? 0), (int?)exchange.Whole("part"),
                exchange.Whole("from") ?? 0, exchange.Whole("until") ?? long.MaxValue);
            exchange.Object(writer => writer.WriteNumber("count", count));
        }
        catch (ArgumentException wrong)
        {
            throw ApiException.Invalid(wrong.Message);
        }
    }
}
