using System.Diagnostics;

namespace Sluice.ServerTests.Cli;

/// <summary><c>sluice simulate</c> as a process.</summary>
internal sealed class SimulatedAccount : IAsyncDisposable
{
    private readonly Tool _tool = new();
    private readonly Process _process;

    private SimulatedAccount(Tool tool, Process process, string address) => (_tool, _process, Address) = (tool, process, address);

    public string Address { get; }

    public string SourceUri => $"customerio://?api_key=sim-app-key&base_url={Address}&rate=10000";

    public static async Task<SimulatedAccount> StartAsync(params string[] options)
    {
        var tool = new Tool();
        var process = tool.Start(["simulate", "--customers", "60", "--rps", "0", .. options]);
        var line = await process.StandardOutput.ReadLineAsync(Tool.Cancel)
            ?? throw new InvalidOperationException(await process.StandardError.ReadToEndAsync(Tool.Cancel));
        return new SimulatedAccount(tool, process, line["Listening on ".Length..]);
    }

    /// <summary>A tool that reads this account by its environment.</summary>
    public Tool NewTool()
    {
        var tool = new Tool();
        tool.Environment["CUSTOMERIO_APP_API_KEY"] = "sim-app-key";
        tool.Environment["CUSTOMERIO_BASE_URL"] = Address;
        return tool;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        _tool.Dispose();
    }
}
