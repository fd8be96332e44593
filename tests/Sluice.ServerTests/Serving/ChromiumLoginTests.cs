using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Playwright;
using Sluice.Server.Auth;
using Sluice.ServerTests.Servers;
using Sluice.Tests.Server;
using Xunit;

namespace Sluice.ServerTests.Serving;

/// <summary>What a real browser does with the link, and with a page of another site.</summary>
[Trait("length", "long")]
public sealed class ChromiumLoginTests : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        var chromium = LocalProgram.Find("chromium");
        Assert.SkipWhen(chromium is null, "There is no chromium on the PATH (Debian: apt-get install chromium).");
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = chromium,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync"],
        });
    }

    [Fact]
    public async Task The_link_logs_in_by_itself_once_and_another_site_changes_nothing_and_leads_in_all_the_same()
    {
        await using var world = await ServerWorld.StartAsync(options => options with { Time = TimeProvider.System });
        // Without a pipeline the first page would lead on to the one that sets it up.
        await File.WriteAllTextAsync(Path.Combine(world.Folder, "sluice.yaml"), "version: 1\n", ServerWorld.Cancel);
        var link = (await world.Server.NewLoginLinkAsync(ServerWorld.Cancel))!;
        await using var context = await _browser!.NewContextAsync();
        context.SetDefaultTimeout(120_000);
        var page = await context.NewPageAsync();

        await page.GotoAsync($"{link}");
        await page.WaitForURLAsync(new Uri(world.Address, "/").ToString());
        await using var other = await _browser.NewContextAsync();
        var again = await other.NewPageAsync();
        await again.GotoAsync($"{link}");
        await Assertions.Expect(again.GetByRole(AriaRole.Alert)).ToContainTextAsync("The link was used already");

        // Another site, for the browser: another name.
        using var site = new OtherSite($"""
            <form method="post" action="{new Uri(world.Address, "/logout")}"></form>
            <a href="{new Uri(world.Address, "/login?next=/api/me")}">there</a>
            """);
        // In a page of its own: where the form leads to is still on its way when the other page goes on.
        var form = await context.NewPageAsync();
        await form.GotoAsync($"{site.Address}");
        var refused = await form.RunAndWaitForResponseAsync(
            () => form.EvaluateAsync("document.forms[0].submit()"), answer => answer.Request.Method == "POST");
        // The cookie does not come along: for the server it is a stranger who wants to log out.
        Assert.Equal((303, "/login"), (refused.Status, refused.Headers["location"]));
        await page.GotoAsync($"{site.Address}");
        await page.GetByText("there").ClickAsync();
        await page.WaitForURLAsync(new Uri(world.Address, "/api/me").ToString());
        Assert.Contains(RoleWords.WordOf(Role.Admin), await page.ContentAsync(), StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }

    /// <summary>A site with one page.</summary>
    private sealed class OtherSite : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

        public OtherSite(string page)
        {
            _listener.Start();
            var body = $"<!DOCTYPE html><title>Another site</title>{page}";
            var length = Encoding.UTF8.GetByteCount(body);
            _ = ServeAsync($"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}");
        }

        public Uri Address => new($"http://localhost:{((IPEndPoint)_listener.LocalEndpoint).Port}/");

        public void Dispose() => _listener.Dispose();

        private async Task ServeAsync(string answer)
        {
            try
            {
                while (true)
                {
                    _ = AnswerAsync(await _listener.AcceptTcpClientAsync(ServerWorld.Cancel), answer);
                }
            }
            catch (Exception error) when (error is ObjectDisposedException or SocketException or OperationCanceledException)
            {
                // The test is over.
            }
        }

        // Each by itself: a browser opens connections that it does not use.
        private static async Task AnswerAsync(TcpClient client, string answer)
        {
            using (client)
            {
                var stream = client.GetStream();
                if (await stream.ReadAsync(new byte[8192], ServerWorld.Cancel) > 0)
                {
                    await stream.WriteAsync(Encoding.UTF8.GetBytes(answer), ServerWorld.Cancel);
                }
            }
        }
    }
}
