using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sluice.Engine;
using Sluice.Engine.Runs;
using Sluice.Server.Api;
using Sluice.Server.Auth;
using Sluice.Server.Control;
using Sluice.Server.Dashboard;
using Sluice.Server.Gate;
using Sluice.Server.Health;
using Sluice.Server.Mcp;
using Sluice.Server.Metrics;
using Sluice.Server.Notifications;
using Sluice.Server.Pipelines;
using Sluice.Server.Queries;
using Sluice.Server.Runs;
using Sluice.Server.Schedules;
using Sluice.Server.Secrets;
using Sluice.Server.Status;
using Sluice.Server.Webhooks;

namespace Sluice.Server;

/// <summary><c>sluice serve</c>: runs what is due, takes webhooks, and shows what arrived.</summary>
public sealed class SluiceServer : IAsyncDisposable
{
    // Beside the lock, which nobody else can read.
    private const string AddressFile = "serve.address";

    private readonly WebApplication _web;
    private readonly FileStream? _alone;
    private readonly string _addressFile;

    private SluiceServer(WebApplication web, FileStream? alone, string addressFile) =>
        (_web, _alone, _addressFile) = (web, alone, addressFile);

    /// <summary>Where the server of a work folder listens, or listened when it was killed; null when there is none.</summary>
    public static Uri? AddressOf(string workFolder)
    {
        var file = Path.Combine(workFolder, AddressFile);
        return File.Exists(file)
            && RegularFile.SpecialKind(file) is null
            && Uri.TryCreate(File.ReadAllText(file).Trim(), UriKind.Absolute, out var address)
                ? address
                : null;
    }

    /// <summary>Where it listens.</summary>
    public IReadOnlyList<Uri> Addresses => InheritedSocket.Address is { } inherited ? [inherited] :
        [.. _web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(address => new Uri(address))];

    /// <summary>Its parts, for whoever starts it.</summary>
    internal IServiceProvider Services => _web.Services;

    /// <summary>Starts a server; when it returns, it answers.</summary>
    /// <exception cref="SluiceException">An address can't be listened on, or the control database can't be opened (kind Config).</exception>
    public static async Task<SluiceServer> StartAsync(ServerOptions options, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        WorkFolder.Prepare(options.WorkFolder);
        var alone = options.Control is null ? TakeFolder(options) : null;
        try
        {
            var server = new SluiceServer(await BeginAsync(options, cancel), alone, Path.Combine(options.WorkFolder, AddressFile));
            await server.NoteAddressAsync(cancel);
            return server;
        }
        catch
        {
            alone?.Dispose();
            throw;
        }
    }

    private async Task NoteAddressAsync(CancellationToken cancel)
    {
        try
        {
            await File.WriteAllTextAsync(RegularFile.Require(_addressFile), Addresses[0].ToString(), cancel);
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    // Two servers over one SQLite file would take each other's runs for dead.
    private static FileStream TakeFolder(ServerOptions options)
    {
        try
        {
            return new FileStream(Path.Combine(options.WorkFolder, "serve.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error)
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                $"Another server is at work in {options.WorkFolder}.",
                "Stop it first; or give each a work folder of its own in SLUICE_HOME, and the same PostgreSQL database with --control.",
                error);
        }
    }

    private static async Task<WebApplication> BeginAsync(ServerOptions options, CancellationToken cancel)
    {
        var control = await ControlDatabase.OpenAsync(options.ControlAddress, options.Time, cancel);
        var web = await BuildAsync(options, control, cancel);
        try
        {
            InheritedSocket.Check(options);
            await ListenRules.CheckAsync(options, web.Services, cancel);
            await SecretsSetup.PrepareKeysAsync(web.Services, cancel);
            await web.StartAsync(cancel);
            return web;
        }
        catch (Exception error)
        {
            await web.DisposeAsync();
            throw error is IOException or SocketException ? CannotListen(options, error) : error;
        }
    }

    /// <summary>A link with which whoever started the server logs in, once; null when others than this machine reach it.</summary>
    public async Task<Uri?> NewLoginLinkAsync(CancellationToken cancel) => _web.Services.GetRequiredService<ServerOptions>().TakesLinks
        ? await _web.Services.GetRequiredService<LoginLinks>().CreateAsync(Addresses[0], cancel)
        : null;

    /// <summary>Returns when it is asked to stop; runs end with the page that they are at, and go on at the next start.</summary>
    public Task WaitForShutdownAsync(CancellationToken cancel) => _web.WaitForShutdownAsync(cancel);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _web.StopAsync(CancellationToken.None);
        await _web.DisposeAsync();
        File.Delete(_addressFile);
        _alone?.Dispose();
    }

    private static async Task<WebApplication> BuildAsync(ServerOptions options, ControlDatabase control, CancellationToken cancel)
    {
        try
        {
            var seal = new Seal(SealKeys.Read(options.Variables, options.WorkFolder, control.IsShared));
            await SecretsSetup.CheckAsync(control, seal, cancel);
            return Build(options, control, seal);
        }
        catch
        {
            await control.DisposeAsync();
            throw;
        }
    }

    private static WebApplication Build(ServerOptions options, ControlDatabase control, Seal seal)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = options.Folder });
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Debug).AddProvider(new ServerLog(options.Tell));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(Configure).UseUrls(options.Listen.ToString());
        builder.WebHost.UseTls(options);
        builder.Services.AddRoutingCore().AddSystemd();
        Add(builder.Services, options, control, seal);
        var web = builder.Build();
        Use(web);
        return web;
    }

    private static void Configure(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.UseSystemd();
    }

    // Each part adds what it is made of here ...
    private static void Add(IServiceCollection services, ServerOptions options, ControlDatabase control, Seal seal) => services
        .AddSingleton(options)
        .AddSingleton(options.Time)
        // By a factory, so that it is disposed of with the server.
        .AddSingleton(_ => control)
        .AddSingleton<PipelineStore>()
        .AddSecrets(seal)
        .AddGate(options)
        .AddAuth(options)
        .AddSingleton<BrowserFiles>()
        .AddDashboard()
        .AddSingleton<WorkspaceBudgets>()
        .AddSingleton<SyncExecutor>()
        .AddSingleton<PushExecutor>()
        .AddSingleton<IRunExecutor, PipelineExecutor>()
        .AddSingleton<RunQueue>()
        .AddSingleton<RunStore>()
        .AddSingleton<Runner>()
        .AddHostedService(parts => parts.GetRequiredService<Runner>())
        .AddSingleton<DueTimes>()
        .AddSingleton<Pauses>()
        .AddSingleton<Scheduler>()
        .AddSingleton<Overview>()
        .AddSingleton<RunHistory>()
        .AddNotifications()
        .AddMetricsAndTraces()
        .AddSingleton<Readiness>()
        .AddSingleton<QueryService>()
        .AddAgents()
        .AddHostedService(parts => parts.GetRequiredService<Scheduler>())
        .AddWebhooks();

    // ... and its middleware and endpoints here, in the order in which a request meets them.
    private static void Use(WebApplication web)
    {
        web.UseGate();
        web.MapHealth();
        web.MapLogin();
        web.MapDashboard();
        web.MapRuns();
        web.MapNotifications();
        web.MapMetrics();
        web.MapAgents();
        web.MapAdministration();
        web.MapWebhooks();
    }

    private static SluiceException CannotListen(ServerOptions options, Exception error) => new(
        SluiceErrorKind.Config,
        $"{options.Listen.GetLeftPart(UriPartial.Authority)} can't be listened on: {error.Message}",
        "Stop the other program, or choose another address with --listen, as in --listen http://127.0.0.1:4781.",
        error);
}
