using System.Globalization;
using System.IO.Compression;
using System.Text;
using Sluice.Simulator.Data;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.AppApi;

/// <summary>The file of an export: CSV, plain or compressed. The vendor does not publish the columns; these are made up.</summary>
internal static class ExportFile
{
    public static void Write(Exchange exchange, Export export)
    {
        var csv = new StringBuilder();
        foreach (var row in export.Rows())
        {
            csv.AppendJoin(',', row.Select(Quote)).Append("\r\n");
        }

        var bytes = Encoding.UTF8.GetBytes(csv.ToString());
        switch (exchange.World.Options.ExportFormat)
        {
            case "gzip":
                exchange.Answer.ContentType = "application/gzip";
                exchange.Answer.Replace(Gzip(bytes));
                break;
            case "zip":
                exchange.Answer.ContentType = "application/zip";
                exchange.Answer.Replace(Zip(bytes));
                break;
            default:
                exchange.Answer.ContentType = "text/csv";
                exchange.Answer.Replace(bytes);
                break;
        }
    }

    public static IEnumerable<string[]> People(World world, IEnumerable<long> people, List<string> attributes)
    {
        yield return ["id", "email", "cio_id", "created_at", .. attributes];
        foreach (var person in people)
        {
            var key = world.People.KeyOf(person);
            var values = world.People.ProfileOf(person).Attributes;
            yield return
            [
                key.Id ?? "", key.Email ?? "", key.CioId, values.GetValueOrDefault("created_at", ""),
                .. attributes.Select(name => values.GetValueOrDefault(name, "")),
            ];
        }
    }

    public static IEnumerable<string[]> Deliveries(World world, IEnumerable<Delivery> deliveries)
    {
        Metric[] metrics = [Metric.Sent, Metric.Delivered, Metric.Opened, Metric.Clicked, Metric.Bounced];
        yield return ["delivery_id", "customer_id", "cio_id", "recipient", "created", .. metrics.Select(MetricNames.Of)];
        foreach (var delivery in deliveries)
        {
            var key = world.People.KeyOf(delivery.Person);
            var times = world.Deliveries.MetricsOf(delivery);
            var now = world.Clock.Seconds;
            yield return
            [
                DeliveryIds.Encode(world.Dice, delivery.Index), key.Id ?? "", key.CioId, key.Email ?? "", Text(delivery.Created),
                .. metrics.Select(metric => DeliveryMetrics.Happened(times, metric, now) ? Text(times[metric]) : ""),
            ];
        }
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Quote(string value)
        => value.AsSpan().IndexOfAny("\",\r\n") < 0 ? value : $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static byte[] Gzip(byte[] bytes)
    {
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        return buffer.ToArray();
    }

    private static byte[] Zip(byte[] bytes)
    {
        using var buffer = new MemoryStream();
        using (var zip = new ZipArchive(buffer, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var entry = zip.CreateEntry("export.csv").Open();
            entry.Write(bytes);
        }

        return buffer.ToArray();
    }
}
