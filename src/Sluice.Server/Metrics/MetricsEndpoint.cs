using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using Sluice.Server.Auth;
using Sluice.Server.Runs;
using Sluice.Server.Webhooks;

namespace Sluice.Server.Metrics;

/// <summary>
/// What Prometheus reads. OpenTelemetry is loaded with the first question: a server that nobody asks for figures starts sooner and stays smaller.
/// </summary>
internal sealed class MetricsEndpoint(ServerFigures figures, IServiceProvider services) : IDisposable
{
    private const string Path = "/metrics";

    private readonly Lock _gate = new();
    private MeterProvider? _meters;
    private RequestDelegate? _answer;

    public async Task AnswerAsync(HttpContext http)
    {
        await figures.RefreshAsync(http.RequestAborted);
        await Load()(http);
    }

    public void Dispose() => _meters?.Dispose();

    private RequestDelegate Load()
    {
        lock (_gate)
        {
            return _answer ??= Build();
        }
    }

    // Only the meters that are named: those of Kestrel and of Razor would make each answer ten times as long.
    private RequestDelegate Build()
    {
        _meters = Sdk.CreateMeterProviderBuilder()
            .AddMeter(ServerFigures.MeterName, WebhookStatus.MeterName, "System.Runtime")
            .AddPrometheusExporter(exporter =>
            {
                exporter.ScrapeResponseCacheDurationMilliseconds = 0;
                exporter.ScopeInfoEnabled = false;
                exporter.TargetInfoEnabled = false;
            })
            .Build();
        return new ApplicationBuilder(services).UseOpenTelemetryPrometheusScrapingEndpoint(_meters, null, Path, null, null).Build();
    }
}

/// <summary>What counts, and tells the figures.</summary>
internal static class MetricsSetup
{
    public static IServiceCollection AddMetricsAndTraces(this IServiceCollection services) => services
        .AddSingleton<RunCounters>()
        .AddSingleton<IRunObserver>(parts => parts.GetRequiredService<RunCounters>())
        .AddSingleton<ServerFigures>()
        .AddSingleton<MetricsEndpoint>()
        .AddSingleton<RunTraces>()
        .AddSingleton<IRunObserver>(parts => parts.GetRequiredService<RunTraces>())
        .AddHostedService<Telemetry>();

    public static void MapMetrics(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/metrics", (HttpContext http, MetricsEndpoint endpoint) => endpoint.AnswerAsync(http)).RequireAuthorization(Access.Metrics);
}
