using System.Net;
using Microsoft.AspNetCore.Antiforgery;
using Sluice.Server.Auth;
using Xunit;

namespace Sluice.Tests.Server;

public sealed class CrossSiteTests
{
    [Fact]
    public async Task A_form_without_the_token_of_the_page_changes_nothing()
    {
        await using var world = await ServerWorld.StartAsync();
        using var visitor = await world.LogInAsync(Role.Admin);
        var strangers = await StrangersTokenAsync(world);

        foreach (var route in Routes.Of(world).Where(route => IsChange(route) && !IsApi(route) && !IsHook(route)))
        {
            using var without = await visitor.SendAsync(new HttpMethod(route.Method), route.Path, null);
            using var withAnother = await visitor.PostAsync(route.Path, [("__RequestVerificationToken", strangers)]);
            Assert.True(without.StatusCode == HttpStatusCode.BadRequest, $"{route}: {without}");
            Assert.True(withAnother.StatusCode == HttpStatusCode.BadRequest, $"{route}: {withAnother}");
        }

        using var still = await visitor.GetAsync("/api/me");
        Assert.Equal(HttpStatusCode.OK, still.StatusCode);
    }

    [Fact]
    public async Task A_request_that_another_site_sends_changes_nothing_also_with_all_tokens()
    {
        await using var world = await ServerWorld.StartAsync();
        using var visitor = await world.LogInAsync(Role.Admin);

        foreach (var site in new[] { "cross-site", "same-site" })
        {
            using var answer = await visitor.PostAsync(
                "/logout", [("__RequestVerificationToken", await visitor.FormTokenAsync())], ("Sec-Fetch-Site", site));
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        }

        using var still = await visitor.GetAsync("/api/me");
        Assert.Equal(HttpStatusCode.OK, still.StatusCode);
    }

    [Fact]
    public async Task The_api_takes_no_change_by_a_session()
    {
        await using var world = await ServerWorld.StartAsync();
        using var visitor = await world.LogInAsync(Role.Admin);
        var token = await visitor.FormTokenAsync();

        var changes = Routes.Of(world).Where(route => IsChange(route) && IsApi(route)).ToList();
        Assert.NotEmpty(changes);
        foreach (var route in changes)
        {
            using var answer = await visitor.SendAsync(
                new HttpMethod(route.Method), route.Path, null, ("RequestVerificationToken", token), ("Sec-Fetch-Site", "same-origin"));
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Only_hooks_and_what_a_token_is_for_take_changes_without_the_token_of_a_page()
    {
        await using var world = await ServerWorld.StartAsync();

        var open = world.Endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<IAntiforgeryMetadata>() is { RequiresValidation: false });

        Assert.All(open, endpoint => Assert.Matches("^/(hooks|mcp)/", endpoint.RoutePattern.RawText));
    }

    [Theory]
    [InlineData("evil.example", HttpStatusCode.BadRequest)]
    [InlineData("127.0.0.1.evil.example", HttpStatusCode.BadRequest)]
    [InlineData("192.0.2.1", HttpStatusCode.BadRequest)]
    [InlineData("localhost:4780", HttpStatusCode.OK)]
    [InlineData("[::1]:4780", HttpStatusCode.OK)]
    [InlineData("127.0.0.1", HttpStatusCode.OK)]
    public async Task A_name_that_somebody_lets_lead_to_this_machine_is_refused(string host, HttpStatusCode expected)
    {
        await using var world = await ServerWorld.StartAsync();
        using var visitor = world.NewVisitor();

        using var answer = await visitor.GetAsync("/login", ("Host", host));

        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public async Task Health_is_told_whatever_name_the_balancer_uses()
    {
        await using var world = await ServerWorld.StartAsync();
        using var visitor = world.NewVisitor();

        using var answer = await visitor.GetAsync("/healthz", ("Host", "10.1.2.3:4780"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static bool IsChange(Route route) => route.Method is not ("GET" or "HEAD" or "OPTIONS");

    private static bool IsApi(Route route) => route.Access == Access.Agent || route.Pattern.StartsWith("/api/", StringComparison.Ordinal);

    private static bool IsHook(Route route) => route.Pattern.StartsWith("/hooks/", StringComparison.Ordinal);

    private static async Task<string> StrangersTokenAsync(ServerWorld world)
    {
        using var stranger = world.NewVisitor();
        return await stranger.FormTokenAsync();
    }
}
