using System.Diagnostics;
using System.Text;
using Sluice.Benchmarks.Kill;
using Sluice.Engine.Runs;
using Xunit;

namespace Sluice.ServerTests.Cli;

/// <summary>The live table in a real terminal, which <c>script</c> lends.</summary>
public sealed class TerminalTests
{
    private const string HideCursor = "\e[?25l";
    private const string ShowCursor = "\e[?25h";
    private const string Script = "/usr/bin/script";

    [Theory]
    [InlineData("\u0003")]
    [InlineData("\u0003", "\u0003")]
    public async Task After_control_C_the_cursor_is_there_again(params string[] keys)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists(Script), "There is no script of util-linux to make a terminal with.");
        await using var runs = await StoppableRuns.StartAsync(latency: 500);
        using var process = StartInTerminal(runs);
        var shown = new StringBuilder();
        await ReadUntilAsync(process.StandardOutput, shown, HideCursor);

        foreach (var key in keys)
        {
            await process.StandardInput.WriteAsync(key);
            await process.StandardInput.FlushAsync(Tool.Cancel);
            await Task.Delay(50, Tool.Cancel);
        }

        shown.Append(await process.StandardOutput.ReadToEndAsync(Tool.Cancel));
        await process.WaitForExitAsync(Tool.Cancel);

        Assert.True(process.ExitCode == ExitCode.Cancelled, $"{process.ExitCode}: {shown}");
        var text = shown.ToString();
        Assert.True(text.LastIndexOf(ShowCursor, StringComparison.Ordinal) > text.LastIndexOf(HideCursor, StringComparison.Ordinal), text);
        await runs.EndsWithTheTruthAsync();
    }

    private static Process StartInTerminal(StoppableRuns runs)
    {
        string[] words = [BuiltTool.Program, .. StoppableRuns.Ingest("--progress", "rich")];
        var start = new ProcessStartInfo(Script, ["-qec", string.Join(' ', words.Select(word => $"'{word}'")), "/dev/null"])
        {
            UseShellExecute = false,
            WorkingDirectory = runs.Tool.Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["TERM"] = "xterm-256color";
        foreach (var (name, value) in runs.Tool.Environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    private static async Task ReadUntilAsync(StreamReader output, StringBuilder shown, string words)
    {
        var letters = new char[1];
        while (!shown.ToString().Contains(words, StringComparison.Ordinal))
        {
            Assert.True(await output.ReadAsync(letters, Tool.Cancel) == 1, $"The terminal was closed: {shown}");
            shown.Append(letters);
        }
    }
}
