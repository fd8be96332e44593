using System.Globalization;
using System.Text.Json;
using Sluice.Engine.Runs;
using Xunit;

namespace Sluice.Tests.Runs;

/// <summary>
/// Counts journeys from the world's deliveries, which are what its campaigns' journeys are made of, by the day on which they started.
/// </summary>
internal static class JourneyTruth
{
    private static readonly (string Column, string? Metric)[] Counted =
    [
        ("started", null),
        ("activated", "sent"),
        ("exited_early", "undeliverable"),
        ("finished", "delivered"),
        ("converted", "converted"),
        ("never_activated", "failed"),
        ("messaged", "opened"),
    ];

    public static void AssertEqual(IngestHarness bench, TableJob job)
    {
        var expected = Count(bench.Simulator.World.Rows("messages").Concat(bench.Simulator.World.Rows("message_drafts")));
        var rows = bench.Query(
            $"SELECT campaign_id, epoch(period_start)::BIGINT, {string.Join(", ", Counted.Select(one => one.Column))} FROM customerio.{job.Table}");
        Assert.Equal(45 * bench.Options.Campaigns, rows.Count);
        var total = 0L;
        foreach (var row in rows)
        {
            for (var i = 0; i < Counted.Length; i++)
            {
                var key = (Number(row[0]), Counted[i].Column, Number(row[1]));
                var count = expected.GetValueOrDefault(key);
                Assert.True(count == Number(row[2 + i]), $"{job.Table} {key}: {row[2 + i]} instead of {count}");
                total += count;
            }
        }

        Assert.True(total > 0, $"{job.Table}: no journey started in the last 45 days, so nothing was compared.");
    }

    private static Dictionary<(long Campaign, string Column, long Day), long> Count(IEnumerable<JsonElement> messages)
    {
        var counts = new Dictionary<(long, string, long), long>();
        foreach (var message in messages.Where(message => message.GetProperty("campaign_id").ValueKind == JsonValueKind.Number))
        {
            var day = ((message.GetProperty("created").GetInt64() - (5 * 3600)) / 86_400 * 86_400) + (5 * 3600);
            foreach (
                var (column, metric) in Counted.Where(one => one.Metric is null || message.GetProperty("metrics").TryGetProperty(one.Metric, out _)))
            {
                var key = (message.GetProperty("campaign_id").GetInt64(), column, day);
                counts[key] = counts.GetValueOrDefault(key) + 1;
            }
        }

        return counts;
    }

    private static long Number(object? value) => Convert.ToInt64(value, CultureInfo.InvariantCulture);
}
