using System.Globalization;

namespace Sluice.Benchmarks;

/// <summary>Peak memory of a whole ingest of messages without a limit, at two sizes that must not differ.</summary>
internal static class Memory
{
    public static async Task<int> RunAsync(string[] sizes)
    {
        foreach (var size in sizes.Length > 0 ? sizes : ["100000", "1000000"])
        {
            var folder = Directory.CreateTempSubdirectory("sluice-bench-").FullName;
            var (simulator, address) = await ToolProcess.SimulatorAsync("--customers", "20000", "--messages", size, "--rps", "0");
            using (simulator)
            {
                var (report, peak) = await ToolProcess.IngestAsync(address, "messages", Path.Combine(folder, "out.duckdb"), 10_000);
                var table = report.GetProperty("tables")[0];
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{table.GetProperty("rows")} messages: {table.GetProperty("seconds").GetDouble():F1} s, peak memory {peak:F0} MB, exit code {report.GetProperty("exit_code")}"));
            }

            Directory.Delete(folder, recursive: true);
        }

        return 0;
    }
}
