using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Sluice.CustomerIo;
using Sluice.Server;
using Sluice.Server.Control;
using Sluice.Simulator;
using Sluice.Tests.DuckDb;
using Xunit;

namespace Sluice.ServerTests.Dashboard;

/// <summary>A server with a simulated Customer.io behind it, and Debian's Chromium before it; what somebody may name has a hostile name.</summary>
public sealed class BrowserWorld : IAsyncLifetime
{
    /// <summary>The program.</summary>
    public const string Chromium = "/usr/bin/chromium";

    /// <summary>What must never be more than text.</summary>
    public const string Hostile = "<img src=x onerror=alert(1)>\"'&";

    private readonly TemporaryFolder _folder = new();
    private SimulatorServer? _simulator;
    private SluiceServer? _server;
    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private string? _session;

    /// <summary>The address of the server.</summary>
    public Uri Address => _server!.Addresses[0];

    /// <summary>The server's folder.</summary>
    public string Folder => _folder.FullPath;

    /// <summary>Whether the server has a pipeline file.</summary>
    public bool HasFile { get; init; } = true;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Chromium))
        {
            return;
        }

        _simulator = await SimulatorServer.StartAsync(new SimulatorOptions { Customers = 20, RequestsPerSecond = 0 }, Cancel);
        if (HasFile)
        {
            await File.WriteAllTextAsync(Path.Combine(Folder, "sluice.yaml"), Pipeline, Cancel);
        }

        _server = await SluiceServer.StartAsync(
            new ServerOptions
            {
                Folder = Folder,
                WorkFolder = Path.Combine(Folder, ".sluice"),
                Listen = new Uri("http://127.0.0.1:0"),
                Variables = name => name == "CUSTOMERIO_BASE_URL" ? _simulator.BaseAddress.ToString() : null,
                OpenClient = (source, budget) => new CustomerIoClient(source.Client, budget: budget),
            },
            Cancel);
        // Names are checked when the pipeline is read; what people write is not.
        await _server.Services.GetRequiredService<ControlDatabase>().ExecuteAsync(
            "INSERT INTO pauses (name, note, paused_by, paused_at) VALUES ('other', @Text, @Text, 0)", new { Text = Hostile }, Cancel);
        Assertions.SetDefaultExpectTimeout(120_000);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Chromium,
            Timeout = 180_000,
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
                "--disable-sync",
            ],
        });
    }

    /// <summary>A window of somebody who has logged in with the server's link, in which nothing may go wrong unseen.</summary>
    public async Task<BrowserWindow> OpenAsync(int width = 1440, ColorScheme scheme = ColorScheme.Light, bool hasScript = true)
    {
        Assert.SkipUnless(File.Exists(Chromium), $"{Chromium} is not there: build/install-servers installs it.");
        _session ??= await LogInAsync();
        var context = await _browser!.NewContextAsync(new()
        {
            ViewportSize = new ViewportSize { Width = width, Height = 900 },
            ColorScheme = scheme,
            JavaScriptEnabled = hasScript,
            BaseURL = Address.ToString(),
            StorageState = _session,
        });
        context.SetDefaultTimeout(120_000);
        return new BrowserWindow(context, await context.NewPageAsync());
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        if (_simulator is not null)
        {
            await _simulator.DisposeAsync();
        }

        _folder.Dispose();
    }

    private string Pipeline => $$"""
        version: 1
        workspaces: {main: {app_api_key: sim-app-key, base_url: "{{_simulator!.BaseAddress}}", rate: 1000} }
        destinations: {warehouse: "duckdb:////{{Folder}}/crm.duckdb"}
        syncs:
          daily: {schedule: {daily: "6:00", time_zone: America/Los_Angeles}, tables: [campaigns, newsletters] }
          other: {schedule: daily, table_prefix: x_, tables: [segments]}
        """;

    // As somebody does who follows the link that the server has printed.
    private async Task<string> LogInAsync()
    {
        await using var context = await _browser!.NewContextAsync();
        context.SetDefaultTimeout(120_000);
        var page = await context.NewPageAsync();
        await page.GotoAsync((await _server!.NewLoginLinkAsync(Cancel))!.ToString());
        await page.WaitForURLAsync(url => !url.Contains("/login", StringComparison.Ordinal));
        return await context.StorageStateAsync();
    }
}

/// <summary>A window of a browser, which keeps what it complains about.</summary>
public sealed class BrowserWindow : IAsyncDisposable
{
    private readonly IBrowserContext _context;

    internal BrowserWindow(IBrowserContext context, IPage page)
    {
        (_context, Page) = (context, page);
        page.Console += (_, message) => Complaints.Add(message.Text);
        page.PageError += (_, error) => Complaints.Add(error);
        page.Dialog += async (_, dialog) =>
        {
            Complaints.Add($"A dialog: {dialog.Message}");
            await dialog.DismissAsync();
        };
    }

    /// <summary>The page.</summary>
    public IPage Page { get; }

    /// <summary>Messages of the console, such as what the content security policy has refused, and dialogs of scripts.</summary>
    public List<string> Complaints { get; } = [];

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
