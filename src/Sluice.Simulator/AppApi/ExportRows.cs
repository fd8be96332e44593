using System.Globalization;
using Sluice.Simulator.Data;

namespace Sluice.Simulator.AppApi;

/// <summary>The rows of an export's file, header first. The vendor does not document the columns; these are invented.</summary>
internal static class ExportRows
{
    private static readonly Metric[] Metrics = [Metric.Sent, Metric.Delivered, Metric.Opened, Metric.Clicked, Metric.Bounced];

    public static IEnumerable<string[]> People(World world, IEnumerable<long> people, List<string> attributes)
    {
        yield return [.. Names(world, "id", "email", "cio_id", "created_at"), .. attributes];
        foreach (var person in Present(world, people))
        {
            var key = world.People.KeyOf(person);
            var values = world.People.ProfileOf(person).Attributes;
            yield return
            [
                key.Id ?? "",
                key.Email ?? "",
                key.CioId,
                long.TryParse(values.GetValueOrDefault("created_at"), CultureInfo.InvariantCulture, out var created) ? Time(world, created) : "",
                .. attributes.Select(name => values.GetValueOrDefault(name, "")),
            ];
        }
    }

    public static IEnumerable<string[]> Deliveries(World world, IEnumerable<Delivery> deliveries, List<string> attributes)
    {
        yield return
        [
            .. Names(world, ["delivery_id", "customer_id", "cio_id", "recipient", "created", .. Metrics.Select(MetricNames.Of)]),
            .. attributes,
        ];
        foreach (var delivery in Present(world, deliveries))
        {
            var key = world.People.KeyOf(delivery.Person);
            var times = world.Deliveries.MetricsOf(delivery);
            var now = world.Clock.Seconds;
            yield return
            [
                DeliveryIds.Encode(world.Random, delivery.Index), key.Id ?? "", key.CioId, key.Email ?? "", Time(world, delivery.Created),
                .. Metrics.Select(metric => DeliveryMetrics.Happened(times, metric, now) ? Time(world, times[metric]) : ""),
                .. attributes.Select(name => world.People.ProfileOf(delivery.Person).Attributes.GetValueOrDefault(name, "")),
            ];
        }
    }

    private static IEnumerable<T> Present<T>(World world, IEnumerable<T> rows) => rows.Skip(world.Options.ExportMissingRows);

    private static IEnumerable<string> Names(World world, params string[] names) => world.Options.ExportTitles
        ? names.Select(name => CultureInfo.InvariantCulture.TextInfo.ToTitleCase(name.Replace('_', ' ')))
        : names;

    private static string Time(World world, long seconds) => world.Options.ExportIsoTimes
        ? DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)
        : seconds.ToString(CultureInfo.InvariantCulture);
}
