using Sluice.Simulator;

namespace Sluice.ServerTests.Cli;

/// <summary>A simulated Customer.io with 60 people and no request limit.</summary>
internal sealed class SimulatedAccount : IAsyncDisposable
{
    private static readonly SimulatorOptions Small = new() { Customers = 60, RequestsPerSecond = 0 };

    private readonly SimulatorServer _server;

    private SimulatedAccount(SimulatorServer server) => _server = server;

    public string Address => _server.BaseAddress.GetLeftPart(UriPartial.Authority);

    public string SourceUri => $"customerio://?api_key=sim-app-key&base_url={Address}&rate=10000";

    public static async Task<SimulatedAccount> StartAsync(Func<SimulatorOptions, SimulatorOptions>? with = null) =>
        new(await SimulatorServer.StartAsync(with is null ? Small : with(Small), Tool.Cancel));

    /// <summary>A tool that reads this account by its environment.</summary>
    public Tool NewTool()
    {
        var tool = new Tool();
        tool.Environment["CUSTOMERIO_APP_API_KEY"] = "sim-app-key";
        tool.Environment["CUSTOMERIO_BASE_URL"] = Address;
        return tool;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
