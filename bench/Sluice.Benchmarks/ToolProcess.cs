using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Sluice.Benchmarks.Kill;

namespace Sluice.Benchmarks;

/// <summary>The tool as its users run it: a process of its own, measured from outside.</summary>
internal sealed class ToolProcess : IDisposable
{
    private readonly Process _process;

    private ToolProcess(Process process) => _process = process;

    /// <summary>The largest resident memory so far, in megabytes, by the kernel's count.</summary>
    public double PeakMegabytes { get; private set; }

    public static ToolProcess Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(BuiltTool.Program, arguments) { RedirectStandardOutput = true, UseShellExecute = false };
        return new ToolProcess(Process.Start(start)!);
    }

    /// <summary>Starts a simulator and gives its address.</summary>
    public static async Task<(ToolProcess Process, Uri Address)> SimulatorAsync(params string[] arguments)
    {
        var tool = Start(["simulate", "--port", "0", .. arguments]);
        var line = await tool._process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The simulator said nothing.");
        return (tool, new Uri(line.Split(' ')[^1]));
    }

    /// <summary>Runs an ingest to its end and gives its report and the seconds it took.</summary>
    public static async Task<(JsonElement Report, double PeakMegabytes)> IngestAsync(
        Uri simulator, string table, string destination, string folder, double rate, params string[] options)
    {
        var source = string.Create(CultureInfo.InvariantCulture, $"customerio://?base_url={simulator.OriginalString.TrimEnd('/')}&rate={rate}");
        Environment.SetEnvironmentVariable("CUSTOMERIO_APP_API_KEY", "sim-app-key");
        Environment.SetEnvironmentVariable("SLUICE_HOME", Path.Combine(folder, "work"));
        Environment.SetEnvironmentVariable("SLUICE_DEST_URI", destination);
        var (output, peak) = await RunAsync(
            ["ingest", "--source-uri", source, "--source-table", table, "--json", "--progress", "none", .. options]);
        using var document = JsonDocument.Parse(output);
        return (document.RootElement.Clone(), peak);
    }

    /// <summary>Runs queries to their end and gives what they wrote.</summary>
    public static async Task<(string Output, double PeakMegabytes)> QueryAsync(
        Uri simulator, string folder, string sql, string format = "csv", bool json = false)
    {
        var source = $"customerio://?base_url={simulator.OriginalString.TrimEnd('/')}&rate=10000";
        Environment.SetEnvironmentVariable("CUSTOMERIO_APP_API_KEY", "sim-app-key");
        Environment.SetEnvironmentVariable("SLUICE_HOME", Path.Combine(folder, "work"));
        string[] options = ["--source-uri", source, "--format", format, "--fresh", "--max-requests", "1000000"];
        return await RunAsync(["query", sql, .. options, .. json ? ["--json"] : Array.Empty<string>()]);
    }

    /// <summary>Runs the tool to its end and gives what it wrote.</summary>
    public static async Task<(string Output, double PeakMegabytes)> RunAsync(params string[] arguments)
    {
        using var tool = Start(arguments);
        var output = tool._process.StandardOutput.ReadToEndAsync();
        await tool.WatchAsync();
        return (await output, tool.PeakMegabytes);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private async Task WatchAsync()
    {
        while (!_process.HasExited)
        {
            PeakMegabytes = Math.Max(PeakMegabytes, ReadPeak());
            await Task.Delay(20);
        }
    }

    private double ReadPeak()
    {
        try
        {
            var line = File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
        }
        catch (Exception error) when (error is IOException or InvalidOperationException)
        {
            // The process has ended between the two looks.
            return 0;
        }
    }
}
