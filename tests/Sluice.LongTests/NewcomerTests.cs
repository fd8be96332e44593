using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Sluice.Benchmarks.Kill;
using Sluice.Engine.Runs;
using Sluice.ServerTests.Cli;
using Sluice.ServerTests.Servers;
using Xunit;

namespace Sluice.LongTests;

/// <summary>
/// What somebody does who has found the repository: clone it, try the demo, ingest, ask, and let a server run, with the .NET SDK and nothing else.
/// The seconds of each step stand in the test's output; they are the machine's, so that no test asks for them.
/// </summary>
public sealed partial class NewcomerTests : IAsyncDisposable
{
    private static readonly string[] Programs = ["bash", "cat", "dotnet", "find", "flock", "grep", "mkdir", "mv", "readlink", "tr"];

    private readonly Tool _tool = new();
    private readonly List<Process> _servers = [];

    [Fact]
    public async Task From_a_clone_without_Node_to_a_server_that_runs()
    {
        var git = LocalProgram.Find("git");
        Assert.SkipWhen(git is null || !Path.Exists(Path.Combine(BuiltTool.Root, ".git")), "There is no git, or this is no clone.");
        await StepAsync("git clone", git, "clone", "--quiet", BuiltTool.Root, _tool.PathOf("sluice"));
        _tool.Environment["PATH"] = MakePath();
        var sluice = _tool.PathOf("sluice/sluice");

        Assert.Matches(
            "^sluice [0-9.]+\\+[0-9a-f]{7}\n$",
            (await StepAsync("./sluice --version, which builds it", sluice, "--version")).Out);
        Assert.Contains("all complete", (await StepAsync("./sluice demo", sluice, "demo", "--rps", "0")).Out, StringComparison.Ordinal);

        var address = await ServeAsync(sluice, "simulate", "--port", "0", "--customers", "200", "--rps", "0");
        _tool.Environment["CUSTOMERIO_APP_API_KEY"] = "sim-app-key";
        _tool.Environment["CUSTOMERIO_BASE_URL"] = address;
        _tool.Environment["SLUICE_SOURCE_URI"] = "customerio://?rate=10000";
        var ingested = await StepAsync("./sluice ingest", sluice, "ingest", "--source-table", "all", "--dest-uri", "duckdb:///crm.duckdb");
        Assert.Contains("all complete", ingested.Out, StringComparison.Ordinal);
        Assert.Contains("deliveries", (await StepAsync("./sluice models", sluice, "models", "crm.duckdb")).Out, StringComparison.Ordinal);
        var asked = await StepAsync(
            "./sluice query", sluice, "query", "--attach", "crm.duckdb", "SELECT count(*) AS n FROM crm.customerio_models.people", "--format", "csv");
        Assert.Equal("n\n200\n", asked.Out);

        await StepAsync("./sluice init", sluice, "init", "--yes", "--dest-uri", "duckdb:///crm.duckdb");
        var began = Stopwatch.GetTimestamp();
        var server = await ServeAsync(sluice, "serve", "--listen", "http://127.0.0.1:0");
        using var client = new HttpClient();
        Assert.Equal("ok", (await client.GetStringAsync(new Uri($"{server}/healthz"), Tool.Cancel)).Trim());
        Told("./sluice serve", began);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            server.Kill(entireProcessTree: true);
            await server.WaitForExitAsync(Tool.Cancel);
            server.Dispose();
        }

        _tool.Dispose();
    }

    // No node and no npm: what ./sluice may need, and the SDK.
    private string MakePath()
    {
        var folder = Directory.CreateDirectory(_tool.PathOf("programs")).FullName;
        foreach (var name in Programs)
        {
            if (LocalProgram.Find(name) is { } found)
            {
                File.CreateSymbolicLink(Path.Combine(folder, name), found);
            }
        }

        return folder;
    }

    private async Task<ToolResult> StepAsync(string step, string program, params string[] arguments)
    {
        var began = Stopwatch.GetTimestamp();
        using var process = _tool.Start(program, arguments);
        var run = (await Tool.EndAsync(process)).Ended(ExitCode.Done);
        Told(step, began);
        return run;
    }

    private async Task<string> ServeAsync(string program, params string[] arguments)
    {
        var process = _tool.Start(program, arguments);
        _servers.Add(process);
        _ = process.StandardError.ReadToEndAsync(Tool.Cancel);
        while (await process.StandardOutput.ReadLineAsync(Tool.Cancel) is { } line)
        {
            if (Address().Match(line) is { Success: true } address)
            {
                _ = process.StandardOutput.ReadToEndAsync(Tool.Cancel);
                return address.Value;
            }
        }

        throw new InvalidOperationException($"sluice {string.Join(' ', arguments)} ended without an address.");
    }

    private static void Told(string step, long began) => TestContext.Current.TestOutputHelper?.WriteLine(
        string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(began).TotalSeconds,7:0.0} s  {step}"));

    [GeneratedRegex(@"http://127\.0\.0\.1:[0-9]+", RegexOptions.NonBacktracking)]
    private static partial Regex Address();
}
