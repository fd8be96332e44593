using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Sluice.Server.Auth;
using Sluice.ServerTests.Servers;
using Sluice.Tests.Server;
using Xunit;

namespace Sluice.ServerTests.Serving;

/// <summary>Logging in with an identity provider that other people wrote.</summary>
public sealed partial class OidcTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sluice-oidc-").FullName;
    private readonly int _port = ServerPort.Free();
    private readonly int _sluice = ServerPort.Free();
    private ServerProcess? _provider;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(NodeServer.Missing("oidc-provider", "oidc-provider") is not null, NodeServer.Missing("oidc-provider", "oidc-provider") ?? "");
        var redirect = $"http://127.0.0.1:{_sluice}/login/oidc/callback";
        (_provider, _) = await NodeServer.StartAsync(
            _folder, "ready on", "node", ServerProcess.Source("node/oidc-server.mjs"), $"{_port}", redirect);
    }

    [Fact]
    public async Task A_group_of_the_provider_makes_a_role()
    {
        await using var world = await StartAsync("admin=data-admins,reader=*");
        using var ada = new HttpClient(new SocketsHttpHandler { CookieContainer = new CookieContainer() }) { BaseAddress = world.Address };
        using var mallory = new HttpClient(new SocketsHttpHandler { CookieContainer = new CookieContainer() }) { BaseAddress = world.Address };

        await LogInAsync(ada, "ada");
        await LogInAsync(mallory, "mallory");

        Assert.Equal(("ada@example.com", "admin"), await MeAsync(ada));
        // An address that is not verified is nobody's name.
        Assert.Equal(("mallory", "reader"), await MeAsync(mallory));
    }

    [Fact]
    public async Task Without_a_group_the_account_of_the_verified_address_counts_and_nobody_else_comes_in()
    {
        await using var world = await StartAsync("admin=data-admins");
        await world.Service<UserAccounts>().AddAsync("grace@example.com", Role.Operator, null, "test", ServerWorld.Cancel);
        using var grace = new HttpClient(new SocketsHttpHandler { CookieContainer = new CookieContainer() }) { BaseAddress = world.Address };
        using var mallory = new HttpClient(new SocketsHttpHandler { CookieContainer = new CookieContainer() }) { BaseAddress = world.Address };

        await LogInAsync(grace, "grace");
        var refused = await LogInAsync(mallory, "mallory");

        Assert.Equal(("grace@example.com", "operator"), await MeAsync(grace));
        Assert.Contains("nobody has given you a role", refused, StringComparison.Ordinal);
        Assert.Null(await MeAsync(mallory));
        await world.Service<UserAccounts>().RemoveAsync("grace@example.com", ServerWorld.Cancel);
        Assert.Null(await MeAsync(grace));
    }

    [Fact]
    public async Task An_answer_that_was_not_asked_for_logs_nobody_in()
    {
        await using var world = await StartAsync("reader=*");
        using var visitor = world.NewVisitor();

        using var answer = await visitor.GetAsync("/login/oidc/callback?code=abc&state=CfDJ8made-up");

        Assert.Equal((HttpStatusCode.SeeOther, "/login?refused=provider"), (answer.StatusCode, answer.Headers.Location?.OriginalString));
        Assert.DoesNotContain("sluice_session", $"{answer.Headers}", StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        if (_provider is not null)
        {
            await _provider.DisposeAsync();
        }
    }

    private Task<ServerWorld> StartAsync(string roles) => ServerWorld.StartAsync(options => options with
    {
        Listen = new Uri($"http://127.0.0.1:{_sluice}"),
        Time = TimeProvider.System,
        Variables = name => name switch
        {
            "SLUICE_OIDC_AUTHORITY" => $"http://127.0.0.1:{_port}",
            "SLUICE_OIDC_CLIENT_ID" => "sluice",
            "SLUICE_OIDC_CLIENT_SECRET" => "oidc-client-secret",
            "SLUICE_OIDC_ROLE_CLAIM" => "groups",
            "SLUICE_OIDC_ROLES" => roles,
            _ => null,
        },
    });

    // As a browser does: follow redirects, fill in each form that comes.
    private static async Task<string> LogInAsync(HttpClient client, string name)
    {
        var answer = await client.GetAsync(new Uri("/login/oidc", UriKind.Relative), ServerWorld.Cancel);
        for (var step = 0; step < 5; step++)
        {
            var page = await answer.Content.ReadAsStringAsync(ServerWorld.Cancel);
            if (!Form().IsMatch(page))
            {
                return page;
            }

            var fields = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["prompt"] = Prompt().Match(page).Groups[1].Value,
                ["login"] = name,
                ["password"] = "any",
            };
            using var content = new FormUrlEncodedContent(fields);
            var action = new Uri(answer.RequestMessage!.RequestUri!, Form().Match(page).Groups[1].Value);
            answer = await client.PostAsync(action, content, ServerWorld.Cancel);
        }

        throw new InvalidOperationException($"Forms without end: {answer}");
    }

    private static async Task<(string Name, string Role)?> MeAsync(HttpClient client)
    {
        using var answer = await client.GetAsync(new Uri("/api/me", UriKind.Relative), ServerWorld.Cancel);
        if (!answer.IsSuccessStatusCode)
        {
            return null;
        }

        var me = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(ServerWorld.Cancel)).RootElement;
        return ($"{me.GetProperty("name")}", $"{me.GetProperty("role")}");
    }

    [GeneratedRegex("<form[^>]*action=\"([^\"]*/interaction/[^\"]+)\"", RegexOptions.NonBacktracking)]
    private static partial Regex Form();

    [GeneratedRegex("name=\"prompt\" value=\"([^\"]+)\"", RegexOptions.NonBacktracking)]
    private static partial Regex Prompt();
}
