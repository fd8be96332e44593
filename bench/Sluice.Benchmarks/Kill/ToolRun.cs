using System.Diagnostics;

namespace Sluice.Benchmarks.Kill;

/// <summary>One process of the tool.</summary>
internal sealed class ToolRun : IDisposable
{
    private static readonly TimeSpan LockWait = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    private ToolRun(Process process)
    {
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync();
        _error = process.StandardError.ReadToEndAsync();
    }

    public bool HasEnded => _process.HasExited;

    public static ToolRun Start(string folder, IReadOnlyDictionary<string, string> environment, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(BuiltTool.Program, arguments)
        {
            UseShellExecute = false,
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // The optimizing compiler costs more than a process that lives for seconds gets back from it.
        start.Environment["DOTNET_TC_CallCounting"] = "0";
        foreach (var name in start.Environment.Keys.Where(IsOurs).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new ToolRun(Process.Start(start)!);
    }

    /// <summary>SIGKILL: nothing in the process hears of it.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Waits for the end; a run that does not end is killed and told as such.</summary>
    public async Task<ToolEnd> EndAsync(CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(LockWait);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            Kill();
            return new ToolEnd(-1, await _output, $"The run did not end in {LockWait}.\n{await _error}");
        }

        return new ToolEnd(_process.ExitCode, await _output, await _error);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private static bool IsOurs(string name) =>
        name.StartsWith("SLUICE_", StringComparison.Ordinal) || name.StartsWith("CUSTOMERIO_", StringComparison.Ordinal);
}
