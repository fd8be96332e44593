using System.Net;
using Sluice.Engine;
using Sluice.Server.Auth;
using Xunit;

namespace Sluice.Tests.Server;

public sealed class ListenRulesTests
{
    private static readonly IPNetwork Loopback = IPNetwork.Parse("127.0.0.0/8");
    private static readonly Uri PublicUrl = new("https://sluice.example.com");

    [Fact]
    public async Task On_all_addresses_it_starts_with_a_proxy_a_name_and_somebody_who_can_log_in_alone()
    {
        var listen = new Uri("http://0.0.0.0:0");

        var alone = await Assert.ThrowsAsync<SluiceException>(() => ServerWorld.StartAsync(options => options with { Listen = listen }));
        var withProxy = await Assert.ThrowsAsync<SluiceException>(
            () => ServerWorld.StartAsync(options => options with { Listen = listen, BehindProxy = [Loopback] }));
        var withName = await Assert.ThrowsAsync<SluiceException>(
            () => ServerWorld.StartAsync(options => options with { Listen = listen, BehindProxy = [Loopback], PublicUrl = PublicUrl }));

        Assert.Contains("--behind-proxy", alone.Hint, StringComparison.Ordinal);
        Assert.Contains("--public-url", withProxy.Hint, StringComparison.Ordinal);
        Assert.Contains("sluice serve user add", withName.Hint, StringComparison.Ordinal);
        await using var world = await StartBehindProxyAsync();
        Assert.Null(await world.Server.NewLoginLinkAsync(ServerWorld.Cancel));
    }

    [Fact]
    public async Task Behind_a_proxy_nobody_comes_in_by_a_link()
    {
        await using var world = await StartBehindProxyAsync();
        var link = await world.Service<LoginLinks>().CreateAsync(world.Address, ServerWorld.Cancel);
        using var visitor = world.NewVisitor();

        using var answer = await visitor.PostFormAsync("/login/link", ("token", link.Fragment["#token=".Length..]));

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task A_proxy_is_believed_when_it_says_from_where_and_how_a_request_came()
    {
        await using var world = await StartBehindProxyAsync();
        using var visitor = world.NewVisitor();

        using var answer = await visitor.PostAsync(
            "/login",
            [("name", "ada"), ("password", ServerWorld.Password), ("__RequestVerificationToken", await visitor.FormTokenAsync())],
            ("X-Forwarded-For", "203.0.113.9"),
            ("X-Forwarded-Proto", "https"));

        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.Equal("max-age=31536000", Assert.Single(answer.Headers.GetValues("Strict-Transport-Security")));
        Assert.Contains("secure", Assert.Single(answer.Headers.GetValues("Set-Cookie")), StringComparison.Ordinal);
        Assert.Equal("203.0.113.9", (await world.Service<AuditTrail>().ListAsync(1, null, ServerWorld.Cancel))[0].Address);
    }

    [Fact]
    public async Task Without_a_proxy_nobody_is_believed_and_a_made_up_address_does_not_move_the_limit_of_logins()
    {
        await using var world = await ServerWorld.StartAsync();
        using var visitor = world.NewVisitor();
        var token = await visitor.FormTokenAsync();
        var answers = new List<HttpStatusCode>();

        // Each is another account, from another address as it says; an empty password is refused without the work of a hash.
        for (var at = 0; at <= LoginAttempts.OfAddress; at++)
        {
            using var answer = await visitor.PostAsync(
                "/login", [("name", $"user{at}"), ("password", ""), ("__RequestVerificationToken", token)], ("X-Forwarded-For", $"203.0.113.{at}"));
            answers.Add(answer.StatusCode);
        }

        Assert.Equal(Enumerable.Repeat(HttpStatusCode.Unauthorized, LoginAttempts.OfAddress), answers[..^1]);
        Assert.Equal(HttpStatusCode.TooManyRequests, answers[^1]);
    }

    private static Task<ServerWorld> StartBehindProxyAsync() => ServerWorld.StartAsync(
        options => options with { BehindProxy = [Loopback], PublicUrl = PublicUrl },
        (control, _) => ServerWorld.AddUserAsync(control, "ada", Role.Admin));
}
