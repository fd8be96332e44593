using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sluice.Simulator.Http;

namespace Sluice.Simulator;

/// <summary>
/// A simulated Customer.io on 127.0.0.1: App API at <c>/v1</c>, Track API at <c>/api/v1</c> and <c>/api/v2</c>, control API at
/// <c>/_sim</c>.
/// </summary>
public sealed class SimulatorServer : IAsyncDisposable
{
    private readonly WebApplication _host;
    private readonly Simulation _simulation;

    private SimulatorServer(WebApplication host, Simulation simulation)
    {
        _host = host;
        _simulation = simulation;
    }

    /// <summary>The address of both APIs, without a path.</summary>
    public Uri BaseAddress => _simulation.BaseAddress;

    /// <summary>The truth about the first workspace.</summary>
    public World World => _simulation.Worlds[0];

    /// <summary>The truth about every workspace, in the order of the keys.</summary>
    public IReadOnlyList<World> Worlds => _simulation.Worlds;

    /// <summary>Starts listening and returns once it is warmed up; throws <see cref="ArgumentException"/> for invalid options.</summary>
    public static async Task<SimulatorServer> StartAsync(SimulatorOptions options, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(options);
        var simulation = new Simulation(options, TimeProvider.System);
        Routes.Map(simulation);
        var pipeline = new RequestPipeline(simulation);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, options.Port));
        var host = builder.Build();
        host.Run(pipeline.HandleAsync);
        await host.StartAsync(ct);
        simulation.BaseAddress = AddressOf(host);
        var server = new SimulatorServer(host, simulation);
        await server.WarmUpAsync(ct);
        return server;
    }

    /// <summary>Returns when a control request asks for shutdown or when cancelled, which is not an error.</summary>
    public async Task WaitForShutdownAsync(CancellationToken ct)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, _simulation.Stopping.Token);
        await Task.Delay(Timeout.InfiniteTimeSpan, _simulation.Time, both.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Stops listening and drops open connections.</summary>
    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _host.StopAsync(now.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _host.DisposeAsync();
        _simulation.Dispose();
    }

    private static void Configure(KestrelServerOptions kestrel, int port)
    {
        kestrel.AddServerHeader = false;
        kestrel.AllowAlternateSchemes = true;
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Listen(IPAddress.Loopback, port, listen =>
        {
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            listen.Use(Http2WithoutTls.Detect);
        });
    }

    private static Uri AddressOf(WebApplication host)
        => new(host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>The first request pays for JIT compilation, which would distort measurements.</summary>
    private async Task WarmUpAsync(CancellationToken ct)
    {
        // No faults here: the warm-up would count towards the numbers of their requests, or fail.
        _simulation.Faults.Replace([]);
        using var client = new HttpClient { BaseAddress = BaseAddress };
        client.DefaultRequestHeaders.Add("Accept-Encoding", "gzip");
        client.DefaultRequestHeaders.Add("Authorization", $"Bearer {_simulation.Options.AppApiKey}");
        foreach (var path in new[] { "/v1/messages?limit=20", "/v1/campaigns", "/v1/activities" })
        {
            using var response = await client.GetAsync(new Uri(path, UriKind.Relative), ct);
        }

        _simulation.Reset();
        _simulation.Faults.Replace(_simulation.Options.Faults);
    }
}
