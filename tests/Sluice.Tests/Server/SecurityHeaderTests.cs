using Sluice.Server.Auth;
using Xunit;

namespace Sluice.Tests.Server;

public sealed class SecurityHeaderTests
{
    private static readonly (string Name, string Value)[] Expected =
    [
        (
            "Content-Security-Policy",
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; " +
                "frame-ancestors 'none'; base-uri 'none'"
        ),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
    ];

    [Fact]
    public async Task Every_answer_says_what_a_browser_must_not_do_with_it()
    {
        await using var world = await ServerWorld.StartAsync();
        using var stranger = world.NewVisitor();
        using var program = await world.NewProgramAsync(TokenScope.Admin);
        using var admin = await world.LogInAsync(Role.Admin);
        IEnumerable<Route> routes = [.. Routes.Of(world), new Route("GET", "/nothing", ""), new Route("POST", "/nothing", "")];

        foreach (var route in routes)
        {
            foreach (var visitor in new[] { stranger, program, admin })
            {
                using var answer = await visitor.SendAsync(new HttpMethod(route.Method), route.Path, null);
                AssertHeaders(answer, route);
            }
        }
    }

    [Fact]
    public async Task A_host_that_is_refused_gets_them_too()
    {
        await using var world = await ServerWorld.StartAsync();
        using var visitor = world.NewVisitor();

        using var answer = await visitor.GetAsync("/", ("Host", "evil.example"));

        AssertHeaders(answer, new Route("GET", "/", ""));
    }

    private static void AssertHeaders(HttpResponseMessage answer, Route route)
    {
        foreach (var (name, value) in Expected)
        {
            Assert.True(answer.Headers.TryGetValues(name, out var found) && found.Single() == value, $"{route} lacks {name}: {answer}");
        }

        Assert.False(answer.Headers.Contains("Server"), $"{route} tells what serves it.");
        var isKept = route.Pattern.StartsWith("/assets/", StringComparison.Ordinal);
        Assert.True(isKept || answer.Headers.CacheControl?.NoStore == true, $"{route} may be kept: {answer}");
    }
}
