using System.Diagnostics;
using System.Text;
using Sluice.Benchmarks.Kill;

namespace Sluice.ServerTests.Servers;

/// <summary>A server as a supervised process, which ends with this one at the latest and takes its folder with it.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    private readonly Process _process;
    private readonly Func<string, bool> _isReady;
    private readonly TaskCompletionSource<string> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StringBuilder _log = new();

    private ServerProcess(Process process, Func<string, bool> isReady) => (_process, _isReady) = (process, isReady);

    /// <summary>The line with which the server said that it takes connections.</summary>
    public string ReadyLine { get; private set; } = "";

    /// <summary>All that the server has printed.</summary>
    public string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    /// <summary>The path of a file beside these tests' sources.</summary>
    public static string Source(string path) => Path.Combine(BuiltTool.Root, "tests/Sluice.ServerTests", path);

    /// <summary>Starts a server whose data is in the folder and waits until it prints the line; throws with its log when it does not.</summary>
    public static async Task<ServerProcess> StartAsync(
        string folder, string stopSignal, Func<string, bool> isReady, params IEnumerable<string> command)
    {
        var start = new ProcessStartInfo("sh", [Source("Servers/supervise.sh"), stopSignal, folder, .. command])
        {
            UseShellExecute = false,
            WorkingDirectory = BuiltTool.Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start) ?? throw new InvalidOperationException("sh did not start.");
        var server = new ServerProcess(process, isReady);
        process.OutputDataReceived += (_, line) => server.Take(line.Data);
        process.ErrorDataReceived += (_, line) => server.Take(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (await Task.WhenAny(server._ready.Task, process.WaitForExitAsync()).WaitAsync(Limit) != server._ready.Task)
        {
            throw new InvalidOperationException($"{string.Join(' ', command)} ended with {process.ExitCode}:\n{server.Log}");
        }

        server.ReadyLine = await server._ready.Task;
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_log)
        {
            _log.AppendLine(line);
        }

        if (_isReady(line))
        {
            _ready.TrySetResult(line);
        }
    }
}
