using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Sluice.Benchmarks;

/// <summary>Queries as a process of their own: planning, one page against an ingest of the same page, and peak memory.</summary>
internal static class Queries
{
    private const int Rounds = 5;

    private const string Planned =
        "EXPLAIN SELECT c.name, count(*) FROM campaigns c JOIN campaign_actions a ON a.campaign_id = c.id WHERE c.id = 5 GROUP BY 1";

    private const string OnePage = "SELECT * FROM activities LIMIT 100";

    public static async Task<int> RunAsync(string[] sizes)
    {
        var messages = sizes.Length > 0 ? sizes[0] : "1000000";
        var folder = Directory.CreateTempSubdirectory("sluice-bench-").FullName;
        var (simulator, address) = await ToolProcess.SimulatorAsync("--customers", "20000", "--messages", messages, "--rps", "0");
        using (simulator)
        {
            await PlanAsync(address, folder);
            await OnePageAsync(address, folder);
            var (rows, peak) = await ToolProcess.QueryAsync(address, folder, "SELECT type, count(*) AS n FROM messages GROUP BY type", "jsonl");
            var counted = rows.Split('\n', StringSplitOptions.RemoveEmptyEntries).Sum(CountIn);
            Write($"{counted} messages counted by type: peak memory {peak:F0} MB");
        }

        Directory.Delete(folder, recursive: true);
        return 0;
    }

    private static long CountIn(string row)
    {
        using var document = JsonDocument.Parse(row);
        return document.RootElement.GetProperty("n").GetInt64();
    }

    private static async Task PlanAsync(Uri address, string folder)
    {
        var (cold, warm) = (new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            var (output, _) = await ToolProcess.QueryAsync(address, folder, string.Join(';', Enumerable.Repeat(Planned, 20)), json: true);
            var plans = Times(output);
            cold.Add(plans[0]);
            warm.AddRange(plans.Skip(10));
        }

        Write($"planning: {Median(cold):F0} ms cold, {Median(warm):F1} ms warm, at the median");
    }

    // Each answer is a JSON document of its own.
    private static List<double> Times(string output)
    {
        var reader = new Utf8JsonReader(System.Text.Encoding.UTF8.GetBytes(output), new JsonReaderOptions { AllowMultipleValues = true });
        var times = new List<double>();
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("planning_ms") && reader.Read())
            {
                times.Add(reader.GetDouble());
            }
        }

        return times;
    }

    private static async Task OnePageAsync(Uri address, string folder)
    {
        var (query, ingest) = (new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            var begun = Stopwatch.GetTimestamp();
            await ToolProcess.QueryAsync(address, folder, OnePage);
            query.Add(Stopwatch.GetElapsedTime(begun).TotalSeconds);
            begun = Stopwatch.GetTimestamp();
            await ToolProcess.IngestAsync(
                address, "activities", $"duckdb:///{Path.Combine(folder, $"{round}.duckdb")}", folder, 10_000, "--limit", "100");
            ingest.Add(Stopwatch.GetElapsedTime(begun).TotalSeconds);
        }

        Write($"one page: {Median(query):F2} s by a query, {Median(ingest):F2} s by an ingest: {Median(query) / Median(ingest):F2}");
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static void Write(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
