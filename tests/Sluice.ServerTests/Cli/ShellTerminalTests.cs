using System.Diagnostics;
using System.Text;
using Sluice.Benchmarks.Kill;
using Sluice.Engine.Runs;
using Xunit;

namespace Sluice.ServerTests.Cli;

/// <summary>The shell in a real terminal, which <c>script</c> lends.</summary>
public sealed class ShellTerminalTests
{
    private const string Script = "/usr/bin/script";
    private const string Prompt = "sluice> ";

    [Fact]
    public async Task Control_C_drops_a_line_and_stops_a_query_but_not_the_shell()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists(Script), "There is no script of util-linux to make a terminal with.");
        await using var account = await SimulatedAccount.StartAsync(options => options with { Faults = ["hang/v1/messages"] });
        using var tool = account.NewTool();
        using var process = StartInTerminal(tool);
        var terminal = new Keyboard(process);
        await terminal.ReadUntilAsync(Prompt);

        await terminal.TypeAsync("SELECT 6 * 7 AS answer;\r", "42\r\n");
        await terminal.ReadUntilAsync(Prompt);
        await terminal.TypeAsync("SELECT nonsense", "nonsense");
        await terminal.TypeAsync("\u0003", "^C");
        await terminal.TypeAsync("SELECT count(*) FROM messages;\r", "Waiting for");
        var asked = Stopwatch.StartNew();
        await terminal.TypeAsync("\u0003", "Stopped.");
        Assert.InRange(asked.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(4));
        await terminal.ReadUntilAsync(Prompt);
        await terminal.TypeAsync("SEL", "SEL");
        await terminal.TypeAsync("\t", "SELECT");
        await terminal.TypeAsync(" count(*) AS campaigns FROM campai", "campai");
        await terminal.TypeAsync("\t", "campaign");
        await terminal.TypeAsync("s;\r", "12\r\n");
        await terminal.ReadUntilAsync(Prompt);
        await terminal.TypeAsync("\u0004", "\r\n");
        await process.WaitForExitAsync(Tool.Cancel);

        Assert.True(process.ExitCode == ExitCode.Done, $"{process.ExitCode}: {terminal.Shown}");
        var history = tool.PathOf(".sluice/shell-history");
        Assert.Equal(3, (await File.ReadAllLinesAsync(history, Tool.Cancel)).Length);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(history));
        }
    }

    private static Process StartInTerminal(Tool tool)
    {
        var start = new ProcessStartInfo(Script, ["-qec", $"stty cols 80 rows 24; exec '{BuiltTool.Program}' shell", "/dev/null"])
        {
            UseShellExecute = false,
            WorkingDirectory = tool.Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["TERM"] = "xterm-256color";
        foreach (var (name, value) in tool.Environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    /// <summary>Types at a terminal and reads what it shows.</summary>
    private sealed class Keyboard(Process process)
    {
        private readonly StringBuilder _shown = new();
        private int _read;

        public string Shown => _shown.ToString();

        public async Task TypeAsync(string keys, string until)
        {
            await process.StandardInput.WriteAsync(keys);
            await process.StandardInput.FlushAsync(Tool.Cancel);
            await ReadUntilAsync(until);
        }

        public async Task ReadUntilAsync(string words)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(Tool.Cancel);
            patience.CancelAfter(TimeSpan.FromMinutes(1));
            var letters = new char[1];
            while (_shown.ToString(_read, _shown.Length - _read).IndexOf(words, StringComparison.Ordinal) is var found)
            {
                if (found >= 0)
                {
                    _read += found + words.Length;
                    return;
                }

                Assert.True(await process.StandardOutput.ReadAsync(letters, patience.Token) == 1, $"The terminal was closed: {Shown}");
                _shown.Append(letters);
            }
        }
    }
}
