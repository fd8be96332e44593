using System.Globalization;

namespace Sluice.Benchmarks;

/// <summary>Peak memory of a whole ingest of messages without a limit, at two sizes that must not differ.</summary>
internal static class Memory
{
    public static async Task<int> RunAsync(string[] sizes)
    {
        foreach (var size in sizes.Length > 0 ? sizes : ["100000", "1000000"])
        {
            await RunAsync(size, ["duckdb:///FOLDER/out.duckdb"]);
        }

        return 0;
    }

    /// <summary>The same into other destinations; FOLDER in an address stands for a new folder.</summary>
    public static async Task<int> RunAsync(string messages, IReadOnlyList<string> uris)
    {
        var (simulator, address) = await ToolProcess.SimulatorAsync("--customers", "20000", "--messages", messages, "--rps", "0");
        using (simulator)
        {
            foreach (var uri in uris)
            {
                var folder = Directory.CreateTempSubdirectory("sluice-bench-").FullName;
                var (report, peak) = await ToolProcess.IngestAsync(
                    address, "messages", uri.Replace("FOLDER", folder, StringComparison.Ordinal), folder, 10_000);
                var table = report.GetProperty("tables")[0];
                Console.WriteLine(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{uri[..uri.IndexOf("://", StringComparison.Ordinal)]}: {table.GetProperty("rows")} messages: " +
                            $"{table.GetProperty("seconds").GetDouble():F1} s, peak memory {peak:F0} MB, exit code {report.GetProperty("exit_code")}"
                    ));
                Directory.Delete(folder, recursive: true);
            }
        }

        return 0;
    }
}
