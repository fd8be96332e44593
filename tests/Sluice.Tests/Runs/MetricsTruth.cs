using System.Globalization;
using System.Text.Json;
using Sluice.Engine.Runs;
using Xunit;

namespace Sluice.Tests.Runs;

/// <summary>Counts metrics from the world's deliveries and compares them with the rows of a metrics table.</summary>
internal static class MetricsTruth
{
    private static readonly string[] Counted = ["sent", "delivered", "opened", "clicked", "converted", "bounced", "unsubscribed"];

    public static void AssertEqual(IngestHarness bench, TableJob job)
    {
        var parent = job.Resource.Name.Split('_')[0];
        var part = job.PrimaryKey.LastOrDefault(key => key is "action_id" or "content_id" or "variant_action_id");
        var expected = Count(
            bench.Simulator.World.Rows("messages"), $"{parent}_id", part?.Replace("variant_", "", StringComparison.Ordinal));
        var names = string.Join(", ", Counted.Select(name => $"\"{name}\""));
        var rows = bench.Query(
            $"SELECT {parent}_id, {part ?? "NULL"}, epoch(period_start)::BIGINT, epoch(period_end)::BIGINT, {names} FROM customerio.{job.Table}");
        Assert.True(rows.Count > 0, $"{job.Table} is empty.");
        Assert.All(rows, row => Assert.Equal(86_400, Number(row[3]) - Number(row[2])));
        Assert.All(rows, row => Assert.Equal(5 * 3600, Number(row[2]) % 86_400));
        var total = 0L;
        foreach (var row in rows)
        {
            for (var i = 0; i < Counted.Length; i++)
            {
                var key = (Number(row[0]), part is null ? 0 : Number(row[1]), Counted[i], Number(row[2]));
                var count = expected.GetValueOrDefault(key);
                Assert.True(count == Number(row[4 + i] ?? 0L), $"{job.Table} {key}: {row[4 + i]} instead of {count}");
                total += count;
            }
        }

        // Messages in several languages are few: MetricsFormTests sees that there are some.
        Assert.True(total > 0 || part == "variant_action_id", $"{job.Table}: the world has no metrics in the last 45 days, so nothing was compared.");
    }

    // Days start at 00:00 EST, five hours after midnight UTC, all year.
    private static Dictionary<(long Parent, long Part, string Metric, long Day), long> Count(
        IEnumerable<JsonElement> messages, string parent, string? part)
    {
        var counts = new Dictionary<(long, long, string, long), long>();
        foreach (var message in messages.Where(message => message.TryGetProperty(parent, out var id) && id.ValueKind == JsonValueKind.Number))
        {
            foreach (var metric in message.GetProperty("metrics").EnumerateObject().Where(metric => Counted.Contains(metric.Name)))
            {
                var day = ((metric.Value.GetInt64() - (5 * 3600)) / 86_400 * 86_400) + (5 * 3600);
                var key = (message.GetProperty(parent).GetInt64(), part is null ? 0 : message.GetProperty(part).GetInt64(), metric.Name, day);
                counts[key] = counts.GetValueOrDefault(key) + 1;
            }
        }

        return counts;
    }

    private static long Number(object? value) => Convert.ToInt64(value, CultureInfo.InvariantCulture);
}
