using Sluice.Data;
using Sluice.Simulator;
using Sluice.Tests.Runs;
using Xunit;

namespace Sluice.Tests.Data;

/// <summary>A pretend Customer.io for a class of tests, and connections to it.</summary>
public sealed class DataWorld : IAsyncLifetime
{
    private IngestHarness? _world;

    /// <summary>The connection string of all connections that say nothing else.</summary>
    public string ConnectionString =>
        $"ApiKey={World.Options.AppApiKey};BaseUrl={World.Simulator.BaseAddress};Rate=10000;CacheTtl=0";

    internal IngestHarness World => _world!;

    public async ValueTask InitializeAsync() => _world = await IngestHarness.StartAsync(new SimulatorOptions
    {
        Customers = 60,
        Messages = 300,
        Activities = 200,
        Campaigns = 5,
        ActionsOfEachCampaign = 2,
        RequestsPerSecond = 0,
        FreezeClock = true,
    });

    public async ValueTask DisposeAsync() => await World.DisposeAsync();

    /// <summary>An open connection; more of its string stands in <paramref name="more"/>.</summary>
    internal SluiceConnection Open(string more = "")
    {
        var connection = new SluiceConnection($"{ConnectionString};{more}");
        connection.Open();
        return connection;
    }
}
