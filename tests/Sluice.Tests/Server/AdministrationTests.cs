using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Sluice.Server.Auth;
using Sluice.Server.Control;
using Sluice.Server.Gate;
using Sluice.Server.Secrets;
using Sluice.Tests.Secrets;
using Xunit;

namespace Sluice.Tests.Server;

public sealed class AdministrationTests
{
    private static CancellationToken Cancel => ServerWorld.Cancel;

    [Fact]
    public async Task Users_are_added_changed_and_removed_and_the_audit_trail_says_by_whom()
    {
        await using var world = await ServerWorld.StartAsync();
        using var admin = await world.NewProgramAsync(TokenScope.Admin);
        var by = (await world.Service<AccessTokens>().ListAsync(Cancel))[0].Name;

        await DoneAsync(admin, HttpMethod.Post, "/api/users", new { name = "Ada", role = "reader", password = "a long password" }, 201);
        world.Time.Advance(TimeSpan.FromSeconds(1));
        await DoneAsync(admin, HttpMethod.Put, "/api/users/ada", new { role = "operator" }, 204);
        world.Time.Advance(TimeSpan.FromSeconds(1));
        await DoneAsync(admin, HttpMethod.Put, "/api/users/ada", new { password = "another password" }, 204);
        world.Time.Advance(TimeSpan.FromSeconds(1));
        var users = await admin.ReadAsync("/api/users");
        await DoneAsync(admin, HttpMethod.Delete, "/api/users/ada", null, 204);

        Assert.Equal(
            $$"""[{"name":"ada","role":"operator","has_password":true,"created_at":"2026-11-30T12:00:00+00:00","created_by":"token {{by}}"}]""",
            users);
        Assert.Equal("[]", await admin.ReadAsync("/api/users"));
        var trail = JsonDocument.Parse(await admin.ReadAsync("/api/audit?most=10")).RootElement.EnumerateArray().ToList();
        Assert.Equal(
            ["remove user ada", "change password ada", "change role ada", "add user Ada"],
            trail.Select(entry => $"{entry.GetProperty("action")} {entry.GetProperty("object")}"));
        Assert.All(trail, entry => Assert.Equal(("127.0.0.1", $"token {by}"), ($"{entry.GetProperty("address")}", $"{entry.GetProperty("who")}")));
    }

    [Fact]
    public async Task A_token_is_told_once_and_is_good_until_it_is_revoked_or_expires()
    {
        await using var world = await ServerWorld.StartAsync();
        using var admin = await world.NewProgramAsync(TokenScope.Admin);

        using var created = await admin.SendAsync(
            HttpMethod.Post, "/api/tokens", JsonContent.Create(new { name = "airflow", scopes = new[] { "read" }, days = 0.5 }));
        var token = JsonDocument.Parse(await created.Content.ReadAsStringAsync(Cancel)).RootElement.GetProperty("token").GetString()!;
        using var program = new ServerVisitor(world.Address, token);
        using var before = await program.GetAsync("/api/me");
        var list = await admin.ReadAsync("/api/tokens");
        world.Time.Advance(TimeSpan.FromHours(12));
        using var after = await program.GetAsync("/api/me");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (before.StatusCode, after.StatusCode));
        Assert.Matches("^sluice_[0-9a-f]{64}$", token);
        Assert.DoesNotContain(token[AccessTokens.Prefix.Length..], list, StringComparison.Ordinal);
        Assert.DoesNotContain(AccessTokens.HashOf(token), list, StringComparison.Ordinal);
        Assert.Contains("\"used_at\":\"2026-11-30T12:00:00+00:00\"", list, StringComparison.Ordinal);
        Assert.Equal("Bearer error=\"invalid_token\"", after.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task A_revoked_token_is_refused_at_once()
    {
        await using var world = await ServerWorld.StartAsync();
        using var admin = await world.NewProgramAsync(TokenScope.Admin);
        using var program = await world.NewProgramAsync(TokenScope.Read);
        var name = (await world.Service<AccessTokens>().ListAsync(Cancel)).Single(token => token.Scopes.Contains(TokenScope.Read)).Name;

        using var before = await program.GetAsync("/api/me");
        await DoneAsync(admin, HttpMethod.Delete, $"/api/tokens/{name}", null, 204);
        using var after = await program.GetAsync("/api/me");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (before.StatusCode, after.StatusCode));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Basic YTpi")]
    [InlineData("Bearer")]
    [InlineData("Bearer sluice_")]
    [InlineData("Bearer ' OR 1=1 --")]
    public async Task What_is_no_token_is_refused_whatever_session_comes_along(string header)
    {
        await using var world = await ServerWorld.StartAsync();
        using var visitor = await world.LogInAsync(Role.Admin);

        using var answer = await visitor.GetAsync("/api/me", ("Authorization", header));

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task A_secret_is_written_and_never_shown()
    {
        await using var world = await ServerWorld.StartAsync();
        using var admin = await world.NewProgramAsync(TokenScope.Admin);

        await DoneAsync(admin, HttpMethod.Put, "/api/secrets/MY_KEY", new { value = "canaryvalue" }, 204);
        var list = await admin.ReadAsync("/api/secrets");
        var trail = await admin.ReadAsync("/api/audit");
        await DoneAsync(admin, HttpMethod.Delete, "/api/secrets/MY_KEY", null, 204);

        Assert.Contains("\"name\":\"MY_KEY\"", list, StringComparison.Ordinal);
        Assert.Contains("set secret", trail, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", list + trail, StringComparison.Ordinal);
        Assert.Equal("[]", await admin.ReadAsync("/api/secrets"));
    }

    [Fact]
    public async Task No_route_gives_a_secret_a_password_or_a_token_away()
    {
        await using var world = await ServerWorld.StartAsync(options => options with
        {
            Variables = name => name == "SLUICE_OIDC_CLIENT_SECRET" ? "canaryoidc" : null,
        });
        await world.Service<SecretStore>().SetAsync("MY_KEY", "canarysecret", "test", Cancel);
        await world.Service<UserAccounts>().AddAsync("ada", Role.Admin, "canarypassword", "test", Cancel);
        using var program = await world.NewProgramAsync(TokenScope.Admin);
        using var admin = await world.LogInAsync(Role.Admin);
        var hashes = await world.Service<ControlDatabase>().ListAsync<string>(
            "SELECT hash FROM tokens UNION ALL SELECT password FROM users", null, Cancel);

        string[] never = ["canary", program.Token![AccessTokens.Prefix.Length..], .. hashes];
        foreach (var route in Routes.Of(world).Where(route => route.Method == "GET"))
        {
            foreach (var visitor in new[] { program, admin })
            {
                Canary.AssertNone(await visitor.ReadAsync(route.Path), $"{route}", never);
            }
        }
    }

    [Fact]
    public async Task What_was_not_foreseen_is_answered_without_its_words_and_told_in_the_log()
    {
        var told = new List<ServerMessage>();
        await using var world = await ServerWorld.StartAsync(options => options with { Tell = told.Add });
        using var admin = await world.NewProgramAsync(TokenScope.Admin);
        await world.Service<ControlDatabase>().ExecuteAsync("DROP TABLE users", null, Cancel);

        using var answer = await admin.GetAsync("/api/users?key=canaryquery");

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.DoesNotContain("users", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        var error = Assert.Single(told, message => message.Level == LogLevel.Error);
        Assert.Matches("^GET /api/users failed: (Sqlite|Postgres)Exception$", error.Text);
        Assert.DoesNotContain("canary", string.Join('\n', told.Select(message => $"{message.Text} {message.Error}")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST", "/api/users", """{"name":"a b","role":"reader"}""", "is no name for a user")]
    [InlineData("POST", "/api/users", """{"name":"ada","role":"boss"}""", "There is no role 'boss'.")]
    [InlineData("POST", "/api/users", """{"name":"ada"}""", "lacks")]
    [InlineData("POST", "/api/users", """{"name":"ada","role":"reader","password":"short"}""", "too short")]
    [InlineData("POST", "/api/users", "{", "can't be read")]
    [InlineData("PUT", "/api/users/bob", """{"role":"reader"}""", "There is no user 'bob'.")]
    [InlineData("DELETE", "/api/users/bob", "", "There is no user 'bob'.")]
    [InlineData("POST", "/api/tokens", """{"name":"t","scopes":["all"]}""", "There is no scope 'all'.")]
    [InlineData("POST", "/api/tokens", """{"name":"t","scopes":["read"],"days":-1}""", "expires after")]
    [InlineData("POST", "/api/tokens", """{"name":"t","scopes":["read"],"days":1e300}""", "expires after")]
    [InlineData("DELETE", "/api/tokens/bob", "", "There is no token 'bob'.")]
    [InlineData("PUT", "/api/secrets/a-b", """{"value":"v"}""", "is no name for a secret")]
    [InlineData("PUT", "/api/secrets/SLUICE_SECRET_KEY", """{"value":"v"}""", "is no name for a secret")]
    [InlineData("PUT", "/api/secrets/A", """{"value":""}""", "is empty")]
    public async Task What_cannot_be_done_is_said_with_a_reason(string method, string path, string body, string words)
    {
        await using var world = await ServerWorld.StartAsync();
        using var admin = await world.NewProgramAsync(TokenScope.Admin);
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");

        using var answer = await admin.SendAsync(new HttpMethod(method), path, content);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var error = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel)).RootElement.GetProperty("error").GetString();
        Assert.Contains(words, error, StringComparison.Ordinal);
    }

    private static async Task DoneAsync(ServerVisitor visitor, HttpMethod method, string path, object? body, int status)
    {
        using var answer = await visitor.SendAsync(method, path, body is null ? null : JsonContent.Create(body));
        Assert.True((int)answer.StatusCode == status, $"{method} {path}: {answer}\n{await answer.Content.ReadAsStringAsync(Cancel)}");
    }
}
