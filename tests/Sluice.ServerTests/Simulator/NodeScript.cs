using System.Diagnostics;
using System.Text.Json;
using Sluice.Benchmarks.Kill;
using Xunit;

namespace Sluice.ServerTests.Simulator;

/// <summary>Runs a script beside these tests with Node, where its packages come from the repository root.</summary>
internal static class NodeScript
{
    /// <summary>The script's report: how many methods were offered, which were not called, which failed, and all results by name.</summary>
    public static async Task<JsonElement> RunAsync(string script, params string[] arguments)
    {
        var (code, output, errors) = await RunProcessAsync(
            "node", [Path.Combine(BuiltTool.Root, "tests/Sluice.ServerTests/node", script), .. arguments]);
        Assert.True(code == 0, $"node {script} ended with {code}: {errors}");
        using var document = JsonDocument.Parse(output);
        return document.RootElement.Clone();
    }

    /// <summary>No method was left out and none failed.</summary>
    public static void AssertComplete(JsonElement report)
    {
        Assert.Equal("[]", report.GetProperty("failures").ToString());
        Assert.Equal("[]", report.GetProperty("missing").ToString());
        Assert.True(report.GetProperty("offered").GetInt32() > 15);
    }

    public static ProcessStartInfo Start(string file, IEnumerable<string> arguments) => new(file, arguments)
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        UseShellExecute = false,
        WorkingDirectory = BuiltTool.Root,
    };

    private static async Task<(int Code, string Output, string Errors)> RunProcessAsync(string file, IEnumerable<string> arguments)
    {
        using var process = Process.Start(Start(file, arguments))!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await errors);
    }
}
