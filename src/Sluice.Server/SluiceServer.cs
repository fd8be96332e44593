using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sluice.Engine;
using Sluice.Engine.Runs;
using Sluice.Server.Control;
using Sluice.Server.Pipelines;
using Sluice.Server.Runs;
using Sluice.Server.Schedules;
using Sluice.Server.Webhooks;

namespace Sluice.Server;

/// <summary><c>sluice serve</c>: runs what is due, takes webhooks, and shows what arrived.</summary>
public sealed class SluiceServer : IAsyncDisposable
{
    private readonly WebApplication _web;

    private SluiceServer(WebApplication web) => _web = web;

    /// <summary>Where it listens.</summary>
    public IReadOnlyList<Uri> Addresses =>
        [.. _web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(address => new Uri(address))];

    /// <summary>Its parts, for whoever starts it.</summary>
    internal IServiceProvider Services => _web.Services;

    /// <summary>Starts a server; when it returns, it answers.</summary>
    /// <exception cref="SluiceException">An address can't be listened on, or the control database can't be opened (kind Config).</exception>
    public static async Task<SluiceServer> StartAsync(ServerOptions options, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        WorkFolder.Prepare(options.WorkFolder);
        var control = await ControlDatabase.OpenAsync(options.Control ?? Path.Combine(options.WorkFolder, "serve.db"), options.Time, cancel);
        var inbox = await EventInbox.OpenAsync(control, Path.Combine(options.WorkFolder, "serve-inbox.db"), options.Time, cancel);
        var web = Build(options, control, inbox);
        try
        {
            await web.StartAsync(cancel);
            return new SluiceServer(web);
        }
        catch (Exception error)
        {
            await web.DisposeAsync();
            throw error is IOException or SocketException ? CannotListen(options, error) : error;
        }
    }

    /// <summary>Returns when it is asked to stop; runs end with the page that they are at, and go on at the next start.</summary>
    public Task WaitForShutdownAsync(CancellationToken cancel) => _web.WaitForShutdownAsync(cancel);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _web.StopAsync(CancellationToken.None);
        await _web.DisposeAsync();
    }

    private static WebApplication Build(ServerOptions options, ControlDatabase control, EventInbox inbox)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = options.Folder });
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.AddServerHeader = false).UseUrls(options.Listen.ToString());
        builder.Services.AddRoutingCore().AddSystemd();
        Add(builder.Services, options, control);
        AddWebhooks(builder.Services, inbox);
        var web = builder.Build();
        Use(web);
        return web;
    }

    // Each part adds what it is made of here ...
    private static void Add(IServiceCollection services, ServerOptions options, ControlDatabase control) => services
        .AddSingleton(options)
        .AddSingleton(options.Time)
        // By a factory, so that it is disposed of with the server.
        .AddSingleton(_ => control)
        .AddSingleton<PipelineStore>()
        .AddSingleton<WorkspaceBudgets>()
        .AddSingleton<IRunExecutor, SyncExecutor>()
        .AddSingleton<RunQueue>()
        .AddSingleton<RunStore>()
        .AddSingleton<Runner>()
        .AddHostedService(parts => parts.GetRequiredService<Runner>())
        .AddSingleton<DueTimes>()
        .AddSingleton<Pauses>()
        .AddSingleton<Scheduler>()
        .AddHostedService(parts => parts.GetRequiredService<Scheduler>());

    private static void AddWebhooks(IServiceCollection services, EventInbox inbox) => services
        .AddSingleton(_ => inbox)
        .AddSingleton<InboxLimits>()
        .AddSingleton<WebhookStatus>()
        .AddSingleton<WebhookWorkspaces>()
        .AddSingleton<WebhookReceiver>()
        .AddSingleton<WebhookFolder>()
        .AddSingleton<FoldLoop>()
        .AddHostedService(parts => parts.GetRequiredService<FoldLoop>());

    // ... and its middleware and endpoints here, in the order in which a request meets them.
    private static void Use(WebApplication web)
    {
        web.MapGet("/healthz", () => "ok");
        WebhookReceiver.Map(web, web.Services.GetRequiredService<WebhookReceiver>());
    }

    private static SluiceException CannotListen(ServerOptions options, Exception error) => new(
        SluiceErrorKind.Config,
        $"{options.Listen.GetLeftPart(UriPartial.Authority)} can't be listened on: {error.Message}",
        "Stop the other program, or choose another address with --listen, as in --listen http://127.0.0.1:4781.",
        error);
}
