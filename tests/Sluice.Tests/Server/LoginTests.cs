using System.Net;
using System.Text.Json;
using Sluice.Server.Auth;
using Sluice.Server.Control;
using Xunit;

namespace Sluice.Tests.Server;

public sealed class LoginTests
{
    private static CancellationToken Cancel => ServerWorld.Cancel;

    [Fact]
    public async Task The_link_logs_in_as_admin_once()
    {
        await using var world = await ServerWorld.StartAsync();
        var token = await NewLinkTokenAsync(world);
        using var first = world.NewVisitor();
        using var second = world.NewVisitor();

        using var good = await first.PostFormAsync("/login/link", ("token", token));
        using var again = await second.PostFormAsync("/login/link", ("token", token));

        Assert.Equal((HttpStatusCode.SeeOther, HttpStatusCode.Unauthorized), (good.StatusCode, again.StatusCode));
        Assert.Equal("admin", await RoleOfAsync(first));
        Assert.Null(await RoleOfAsync(second));
    }

    [Fact]
    public async Task A_link_that_is_too_old_is_refused()
    {
        await using var world = await ServerWorld.StartAsync();
        var token = await NewLinkTokenAsync(world);
        world.Time.Advance(LoginLinks.Life);
        using var visitor = world.NewVisitor();

        using var answer = await visitor.PostFormAsync("/login/link", ("token", token));

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task A_link_is_no_token_of_the_api_and_a_token_no_link()
    {
        await using var world = await ServerWorld.StartAsync();
        var link = await NewLinkTokenAsync(world);
        using var program = await world.NewProgramAsync(TokenScope.Admin);
        using var visitor = world.NewVisitor();
        using var withLink = new ServerVisitor(world.Address, link);

        using var asLink = await visitor.PostFormAsync("/login/link", ("token", program.Token!));
        using var asToken = await withLink.GetAsync("/api/me");

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (asLink.StatusCode, asToken.StatusCode));
        Assert.Single(await world.Service<AccessTokens>().ListAsync(Cancel));
    }

    [Fact]
    public async Task The_cookie_can_be_read_by_no_script_and_goes_along_with_no_request_of_another_site()
    {
        await using var world = await ServerWorld.StartAsync();
        var token = await NewLinkTokenAsync(world);
        using var visitor = world.NewVisitor();

        using var answer = await visitor.PostFormAsync("/login/link", ("token", token));

        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"));
        Assert.StartsWith("sluice_session=", cookie, StringComparison.Ordinal);
        Assert.EndsWith("; path=/; samesite=strict; httponly", cookie, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_user_with_a_password_logs_in_and_out()
    {
        await using var world = await ServerWorld.StartAsync();
        await world.Service<UserAccounts>().AddAsync("Ada@example.com", Role.Operator, "a long password", "test", Cancel);
        using var visitor = world.NewVisitor();

        using var wrong = await visitor.PostFormAsync("/login", ("name", "ada@example.com"), ("password", "a wrong password"));
        var before = await RoleOfAsync(visitor);
        using var right = await visitor.PostFormAsync(
            "/login", ("name", "ADA@example.com"), ("password", "a long password"), ("next", "/runs/1?a=b"));
        var during = await RoleOfAsync(visitor);
        using var end = await visitor.PostFormAsync("/logout");

        Assert.Equal((HttpStatusCode.Unauthorized, null), (wrong.StatusCode, before));
        Assert.Equal((HttpStatusCode.SeeOther, "/runs/1?a=b", "operator"), (right.StatusCode, right.Headers.Location?.OriginalString, during));
        Assert.Equal((HttpStatusCode.SeeOther, null), (end.StatusCode, await RoleOfAsync(visitor)));
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    [InlineData("/\t/evil.example/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("")]
    public async Task After_the_login_nobody_is_sent_elsewhere(string next)
    {
        await using var world = await ServerWorld.StartAsync();
        await ServerWorld.AddUserAsync(world.Service<ControlDatabase>(), "ada", Role.Reader);
        using var visitor = world.NewVisitor();

        using var answer = await visitor.PostFormAsync("/login", ("name", "ada"), ("password", ServerWorld.Password), ("next", next));

        Assert.Equal("/", answer.Headers.Location?.OriginalString);
    }

    [Theory]
    [InlineData("role")]
    [InlineData("password")]
    [InlineData("removed")]
    public async Task A_session_ends_when_the_account_changes(string change)
    {
        await using var world = await ServerWorld.StartAsync();
        await ServerWorld.AddUserAsync(world.Service<ControlDatabase>(), "ada", Role.Admin);
        using var visitor = world.NewVisitor();
        using var login = await visitor.PostFormAsync("/login", ("name", "ada"), ("password", ServerWorld.Password));
        Assert.Equal("admin", await RoleOfAsync(visitor));

        var users = world.Service<UserAccounts>();
        await (change switch
        {
            "role" => users.SetRoleAsync("ada", Role.Reader, Cancel),
            "password" => users.SetPasswordAsync("ada", "another password", Cancel),
            _ => users.RemoveAsync("ada", Cancel),
        });

        Assert.Null(await RoleOfAsync(visitor));
    }

    [Fact]
    public async Task A_session_ends_after_twelve_hours_without_a_request()
    {
        await using var world = await ServerWorld.StartAsync();
        using var visitor = await world.LogInAsync(Role.Reader);

        world.Time.Advance(TimeSpan.FromHours(11));
        var during = await RoleOfAsync(visitor);
        world.Time.Advance(TimeSpan.FromHours(11));
        var renewed = await RoleOfAsync(visitor);
        world.Time.Advance(TimeSpan.FromHours(13));

        Assert.Equal(("reader", "reader", null), (during, renewed, await RoleOfAsync(visitor)));
    }

    [Fact]
    public async Task The_sixth_try_within_a_minute_is_refused_also_with_the_right_password()
    {
        await using var world = await ServerWorld.StartAsync();
        await ServerWorld.AddUserAsync(world.Service<ControlDatabase>(), "ada", Role.Reader);
        using var visitor = world.NewVisitor();

        foreach (var name in new[] { "ada", "ADA", " ada", "ada ", "ada" })
        {
            using var wrong = await visitor.PostFormAsync("/login", ("name", name), ("password", "no"));
            Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        }

        using var sixth = await visitor.PostFormAsync("/login", ("name", "ada"), ("password", ServerWorld.Password));
        Assert.Equal((HttpStatusCode.TooManyRequests, "60"), (sixth.StatusCode, sixth.Headers.RetryAfter?.ToString()));
    }

    [Fact]
    public async Task Unknown_users_and_wrong_passwords_are_answered_alike()
    {
        await using var world = await ServerWorld.StartAsync();
        await ServerWorld.AddUserAsync(world.Service<ControlDatabase>(), "ada", Role.Reader);
        using var visitor = world.NewVisitor();

        using var wrong = await visitor.PostFormAsync("/login", ("name", "ada"), ("password", "no"));
        using var unknown = await visitor.PostFormAsync("/login", ("name", "bob"), ("password", "no"));

        Assert.Equal(wrong.StatusCode, unknown.StatusCode);
        Assert.Equal(WithoutTokens(await wrong.Content.ReadAsStringAsync(Cancel)), WithoutTokens(await unknown.Content.ReadAsStringAsync(Cancel)));
    }

    [Fact]
    public async Task From_another_site_the_page_leads_on_by_itself_for_only_then_the_cookie_comes_along()
    {
        await using var world = await ServerWorld.StartAsync();
        using var stranger = world.NewVisitor();

        using var redirect = await stranger.GetAsync("/runs/1?a=\"><script>", ("Sec-Fetch-Site", "cross-site"));
        var path = redirect.Headers.Location!.OriginalString;
        using var elsewhere = await stranger.GetAsync(path, ("Sec-Fetch-Site", "cross-site"));
        using var here = await stranger.GetAsync(path, ("Sec-Fetch-Site", "same-origin"));

        var page = await elsewhere.Content.ReadAsStringAsync(Cancel);
        Assert.Contains("http-equiv=\"refresh\" content=\"0; url=/runs/1?a=", page, StringComparison.Ordinal);
        Assert.DoesNotContain("\"><script>\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http-equiv=\"refresh\"", await here.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    private static async Task<string> NewLinkTokenAsync(ServerWorld world) =>
        (await world.Server.NewLoginLinkAsync(Cancel))!.Fragment["#token=".Length..];

    private static async Task<string?> RoleOfAsync(ServerVisitor visitor)
    {
        using var answer = await visitor.GetAsync("/api/me");
        return answer.IsSuccessStatusCode
            ? JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel)).RootElement.GetProperty("role").GetString()
            : null;
    }

    private static string WithoutTokens(string page) => System.Text.RegularExpressions.Regex.Replace(
        page, "value=\"CfDJ[^\"]*\"", "", System.Text.RegularExpressions.RegexOptions.NonBacktracking);
}
