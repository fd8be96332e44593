using System.Globalization;
using System.Text.Json;

namespace Sluice.Benchmarks;

/// <summary>How much of ten requests a second is used, against the time that so many requests must take at least.</summary>
internal static class Budget
{
    public static Task<int> PeopleAsync() =>
        RunAsync("customers,customer_attributes", "--customers", "20000", "--latency", "100", "--messages", "1000");

    public static async Task<int> MessagesAsync()
    {
        foreach (var days in new[] { "170", "500" })
        {
            Console.WriteLine($"deliveries of {days} days");
            await RunAsync("messages", "--customers", "4000", "--latency", "250", "--messages", "200000", "--message-days", days);
        }

        return 0;
    }

    private static async Task<int> RunAsync(string tables, params string[] world)
    {
        var folder = Directory.CreateTempSubdirectory("sluice-bench-").FullName;
        var (simulator, address) = await ToolProcess.SimulatorAsync(world);
        using (simulator)
        {
            var (report, _) = await ToolProcess.IngestAsync(address, tables, $"duckdb:///{Path.Combine(folder, "out.duckdb")}", folder, 10);
            await PrintAsync(tables, address, report);
        }

        Directory.Delete(folder, recursive: true);
        return 0;
    }

    private static async Task PrintAsync(string tables, Uri address, JsonElement report)
    {
        using var http = new HttpClient();
        using var stats = JsonDocument.Parse(await http.GetStringAsync(new Uri(address, "/_sim/stats")));
        var requests = stats.RootElement.GetProperty("requests").GetInt64();
        var first = stats.RootElement.GetProperty("firstAt").GetDateTimeOffset();
        var last = stats.RootElement.GetProperty("lastAt").GetDateTimeOffset();
        var asking = (last - first).TotalSeconds;
        var whole = (report.GetProperty("ended_at").GetDateTimeOffset() - report.GetProperty("started_at").GetDateTimeOffset()).TotalSeconds;
        foreach (var table in report.GetProperty("tables").EnumerateArray())
        {
            Console.WriteLine($"{table.GetProperty("source")}: {table.GetProperty("rows")} rows, {table.GetProperty("outcome")}");
        }

        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{tables}: {requests} requests, {requests / asking:F2} a second while asking; whole run {whole:F1} s = " +
                    $"{whole / (requests / 10.0):F3} of requests/10; "
                    + $"busiest second by the server's count {stats.RootElement.GetProperty("busiestSecond")}, 429s " +
                        $"{report.GetProperty("rate_limited")}"
            ));
    }
}
