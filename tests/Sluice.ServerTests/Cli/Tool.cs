using System.Diagnostics;
using System.Text;
using Sluice.Benchmarks.Kill;
using Xunit;

namespace Sluice.ServerTests.Cli;

/// <summary>The built tool as a process, in a folder of its own and with no settings but those of the test.</summary>
internal sealed class Tool : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("sluice-cli-").FullName;

    public Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal);

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public string PathOf(string name) => Path.Combine(Folder, name);

    public async Task<ToolResult> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        return await EndAsync(process);
    }

    public Process Start(params string[] arguments) => Start(BuiltTool.Program, arguments);

    public Process Start(string program, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        // The optimizing compiler costs more than a process that lives for seconds gets back from it.
        start.Environment["DOTNET_TC_CallCounting"] = "0";
        foreach (var name in start.Environment.Keys.Where(IsOurs).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in Environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    public static async Task<ToolResult> EndAsync(Process process)
    {
        var output = process.StandardOutput.ReadToEndAsync(Cancel);
        var error = process.StandardError.ReadToEndAsync(Cancel);
        await process.WaitForExitAsync(Cancel);
        return new ToolResult(process.ExitCode, await output, await error);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static bool IsOurs(string name) =>
        name.StartsWith("SLUICE_", StringComparison.Ordinal) || name.StartsWith("CUSTOMERIO_", StringComparison.Ordinal);
}
