using System.Data.Common;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Sluice.Engine;
using Sluice.Server.Webhooks;

namespace Sluice.Server.Metrics;

/// <summary>
/// Sends figures and traces to where OTEL_EXPORTER_OTLP_ENDPOINT says, with the usual variables of OpenTelemetry; does nothing when that is not set.
/// </summary>
internal sealed class Telemetry(ServerFigures figures, RunTraces traces, ServerOptions options, TimeProvider time) : BackgroundService
{
    public const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(15);

    // Those that change what is sent, and where; also from a file .env.
    private static readonly string[] Variables =
    [
        Endpoint, "OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_EXPORTER_OTLP_TIMEOUT",
        "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_HEADERS", "OTEL_EXPORTER_OTLP_METRICS_PROTOCOL",
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_HEADERS", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL",
        "OTEL_METRIC_EXPORT_INTERVAL", "OTEL_BSP_SCHEDULE_DELAY", "OTEL_SERVICE_NAME", "OTEL_RESOURCE_ATTRIBUTES", "OTEL_TRACES_SAMPLER",
        "OTEL_TRACES_SAMPLER_ARG",
    ];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            if (options.Variables(Endpoint) is { Length: > 0 })
            {
                // Not before the server answers.
                await Task.Yield();
                await SendAsync(stoppingToken);
            }
        }
        finally
        {
            traces.Begin();
        }
    }

    private async Task SendAsync(CancellationToken stoppingToken)
    {
        using var meters = Sdk.CreateMeterProviderBuilder().ConfigureServices(AddVariables).ConfigureResource(Describe)
            .AddMeter(ServerFigures.MeterName, WebhookStatus.MeterName, "System.Runtime").AddOtlpExporter().Build();
        using var spans = Sdk.CreateTracerProviderBuilder().ConfigureServices(AddVariables).ConfigureResource(Describe)
            .AddSource(RunTraces.SourceName).AddOtlpExporter().Build();
        traces.Begin();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await figures.RefreshAsync(stoppingToken);
            }
            catch (Exception error) when (error is SluiceException or DbException)
            {
                // The control database is away: the figures are those of the last time.
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }

            await Task.Delay(Look, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void AddVariables(IServiceCollection services) => services.AddSingleton<IConfiguration>(
        new ConfigurationBuilder().AddInMemoryCollection(Variables.Select(name => KeyValuePair.Create(name, options.Variables(name)))).Build());

    private void Describe(ResourceBuilder resource) => resource.AddService(
        options.Variables("OTEL_SERVICE_NAME") ?? "sluice", serviceInstanceId: options.Node);
}
