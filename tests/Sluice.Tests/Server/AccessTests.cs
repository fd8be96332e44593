using System.Net;
using Sluice.Server.Auth;
using Xunit;

namespace Sluice.Tests.Server;

public sealed class AccessTests
{
    // What may be asked without having logged in; everything else is refused, also what somebody forgot to protect.
    private static readonly string[] Open = ["/hooks", "/healthz", "/readyz", "/login", "/assets"];

    [Fact]
    public async Task Every_route_is_written_down_with_who_may_use_it()
    {
        await using var world = await ServerWorld.StartAsync();

        Assert.Equal(Lines(Routes.All), Lines(Routes.Of(world)));
    }

    [Fact]
    public async Task Nothing_but_the_login_assets_hooks_and_health_answers_who_has_not_logged_in()
    {
        await using var world = await ServerWorld.StartAsync();
        using var stranger = world.NewVisitor();

        // Figures are for whoever asks from this machine, too, as these do.
        foreach (var route in Routes.Of(world).Where(route => !IsOpen(route) && route.Access != Access.Metrics))
        {
            using var answer = await stranger.SendAsync(new HttpMethod(route.Method), route.Path, null);
            AssertAsksToLogIn(answer, route);
        }
    }

    [Theory]
    [InlineData("/nothing")]
    [InlineData("/api/nothing")]
    public async Task What_is_not_there_is_told_only_to_who_has_logged_in(string path)
    {
        await using var world = await ServerWorld.StartAsync();
        using var stranger = world.NewVisitor();
        using var reader = await world.LogInAsync(Role.Reader);

        using var refused = await stranger.GetAsync(path);
        using var missing = await reader.GetAsync(path);

        Assert.Contains((int)refused.StatusCode, new[] { 303, 401 });
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }

    [Theory]
    [InlineData(Role.Reader)]
    [InlineData(Role.Operator)]
    [InlineData(Role.Admin)]
    public async Task A_role_may_use_its_routes_and_no_others(Role role)
    {
        await using var world = await ServerWorld.StartAsync();

        using var program = await world.NewProgramAsync(ScopeOf(role));
        using var visitor = await world.LogInAsync(role);

        // Logging out comes last. Changes by the API need a token.
        var routes = Routes.Of(world).Where(route => route.Access is not (Routes.Anyone or Access.Agent));
        foreach (var route in routes.OrderBy(route => route.Pattern == "/logout"))
        {
            using var answer = route.Method is "GET" ? await visitor.GetAsync(route.Path)
                : route.Path.StartsWith("/api/", StringComparison.Ordinal)
                    ? await program.SendAsync(new HttpMethod(route.Method), route.Path, null)
                    : await visitor.PostFormAsync(route.Path);
            var mayUse = LeastRole(route.Access) <= role;
            Assert.True(mayUse == answer.StatusCode is not (HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized), $"{role}: {route}: {answer}");
        }
    }

    [Theory]
    [InlineData(TokenScope.Read, Role.Reader)]
    [InlineData(TokenScope.Run, Role.Operator)]
    [InlineData(TokenScope.Admin, Role.Admin)]
    public async Task A_token_may_read_what_the_role_of_its_scope_may(string scope, Role role)
    {
        await using var world = await ServerWorld.StartAsync();
        using var program = await world.NewProgramAsync(scope);

        foreach (var route in Routes.Of(world).Where(route => route is { Method: "GET", Access: not (Routes.Anyone or Access.Query) }))
        {
            using var answer = await program.GetAsync(route.Path);
            Assert.True(LeastRole(route.Access) <= role == answer.StatusCode is not HttpStatusCode.Forbidden, $"{scope}: {route}: {answer}");
        }
    }

    [Fact]
    public async Task Sql_needs_a_scope_of_its_own()
    {
        await using var world = await ServerWorld.StartAsync();
        using var program = await world.NewProgramAsync(TokenScope.Query);

        using var answer = await program.GetAsync("/api/me");

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    private static bool IsOpen(Route route) => Open.Any(path => $"{route.Pattern}/".StartsWith($"{path}/", StringComparison.Ordinal));

    private static Role LeastRole(string access) => access switch
    {
        Access.Admin => Role.Admin,
        Access.Operator or Access.Query => Role.Operator,
        Access.Reader or Access.Metrics => Role.Reader,
        _ => throw new InvalidOperationException($"Nobody may use it: {access}"),
    };

    private static string ScopeOf(Role role) => role switch
    {
        Role.Admin => TokenScope.Admin,
        Role.Operator => TokenScope.Run,
        _ => TokenScope.Read,
    };

    private static void AssertAsksToLogIn(HttpResponseMessage answer, Route route)
    {
        var isLogin = answer.StatusCode == HttpStatusCode.SeeOther
            && answer.Headers.Location!.OriginalString.StartsWith("/login", StringComparison.Ordinal);
        Assert.True(isLogin || answer.StatusCode == HttpStatusCode.Unauthorized, $"{route}: {answer}");
    }

    private static string Lines(IEnumerable<Route> routes) => string.Join('\n', routes.Select(route => $"{route}").Order(StringComparer.Ordinal));
}
