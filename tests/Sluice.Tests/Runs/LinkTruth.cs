using System.Globalization;
using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;
using Xunit;

namespace Sluice.Tests.Runs;

/// <summary>Counts the clicks of each link from the world's deliveries and compares them with the rows of a table of link metrics.</summary>
internal static class LinkTruth
{
    private static readonly string[] Counted = ["clicked", "human_clicked", "machine_clicked"];

    /// <summary>Compares every row and gives the clicks that were found in all.</summary>
    public static long AssertEqual(IngestHarness bench, TableJob job)
    {
        var kind = job.Resource.Name.Split('_')[0];
        var part = job.PrimaryKey.FirstOrDefault(key => key is "action_id" or "content_id");
        var clicks = Clicks(bench, kind, part is not null, Enum.Parse<MetricsPeriod>(job.Source.Period!.Value.ToString()));
        var links = bench
            .Simulator.World.Rows("link_clicks")
            .Where(row => row.GetProperty("kind").GetString() == kind)
            .Select(row =>
                (
                    row.GetProperty("parent_id").GetInt64(),
                    part is null ? 0 : row.GetProperty("part_id").GetInt64(),
                    row.GetProperty("link_id").GetInt64()))
            .ToHashSet();
        var rows = bench.Query(
            $"SELECT {kind}_id, {part ?? "0"}, link_id, epoch(period_start)::BIGINT, {string.Join(", ", Counted)}, href FROM customerio.{job.Table}");
        Assert.Equal(links.Order(), rows.Select(row => (Number(row[0]), Number(row[1]), Number(row[2]))).Distinct().Order());
        var total = 0L;
        foreach (var row in rows)
        {
            Assert.Equal($"https://example.com/l/{row[2]}?a=1&b=2", row[7]);
            for (var i = 0; i < Counted.Length; i++)
            {
                var key = (Number(row[0]), Number(row[1]), Number(row[2]), Counted[i], Number(row[3]));
                var count = clicks.GetValueOrDefault(key);
                Assert.True(count == Number(row[4 + i]), $"{job.Table} {key}: {row[4 + i]} instead of {count}");
                total += count;
            }
        }

        return total;
    }

    private static Dictionary<(long Parent, long Part, long Link, string Metric, long Start), long> Clicks(
        IngestHarness bench, string kind, bool byPart, MetricsPeriod period)
    {
        var counts = new Dictionary<(long, long, long, string, long), long>();
        foreach (var row in bench.Simulator.World.Rows("link_clicks").Where(row => row.GetProperty("kind").GetString() == kind))
        {
            foreach (var metric in Counted.Where(metric => row.TryGetProperty(metric, out _)))
            {
                var start = MetricsCalendar
                    .PeriodStart(period, DateTimeOffset.FromUnixTimeSeconds(row.GetProperty(metric).GetInt64()))
                    .ToUnixTimeSeconds();
                var key = (
                    row.GetProperty("parent_id").GetInt64(),
                    byPart ? row.GetProperty("part_id").GetInt64() : 0,
                    row.GetProperty("link_id").GetInt64(),
                    metric,
                    start);
                counts[key] = counts.GetValueOrDefault(key) + 1;
            }
        }

        return counts;
    }

    private static long Number(object? value) => Convert.ToInt64(value, CultureInfo.InvariantCulture);
}
