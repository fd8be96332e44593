using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Sluice.Server.Auth;

/// <summary>The page on which people log in, and what its forms do.</summary>
internal static class LoginEndpoints
{
    public const string LinkPath = "/login/link";

    private const string WrongPassword = "The name or the password is wrong.";
    private const string WrongLink = "The link was used already, or is too old: 'sluice serve link' makes a new one.";
    private const string TooOften = "That was tried too often. Wait for a minute.";

    public static void MapLogin(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Sessions.LoginPath, Show).AllowAnonymous();
        routes.MapPost(Sessions.LoginPath, LogInAsync).AllowAnonymous();
        routes.MapPost(LinkPath, FollowLinkAsync).AllowAnonymous();
        routes.MapGet("/assets/login.js", Script).AllowAnonymous();
        if (routes.ServiceProvider.GetService<OidcSettings>() is not null)
        {
            routes.MapOidc();
        }

        routes.MapPost("/logout", LogOutAsync).RequireAuthorization(Access.Reader);
        routes.MapGet("/api/me", Me).RequireAuthorization(Access.Reader);
    }

    private static IResult Show(HttpContext http, string? next, string? refused)
    {
        var wanted = Sessions.Wanted(next);
        var isFromElsewhere = http.Request.Headers["Sec-Fetch-Site"].ToString() == "cross-site";
        return Page(http, LoginRefusal.Sentence(refused), wanted, isFromElsewhere && next is not null ? wanted : null);
    }

    private static async Task<IResult> LogInAsync(
        HttpContext http, UserAccounts users, LoginAttempts attempts, AuditTrail trail, CancellationToken cancel)
    {
        var form = await http.Request.ReadFormAsync(cancel);
        var (name, wanted) = (form["name"].ToString(), Sessions.Wanted(form["next"]));
        if (!attempts.MayTry(name, http.Connection.RemoteIpAddress))
        {
            http.Response.Headers.RetryAfter = "60";
            return Page(http, TooOften, wanted, status: StatusCodes.Status429TooManyRequests);
        }

        if (await users.LogInAsync(name, form["password"].ToString(), cancel) is not { } user)
        {
            await trail.RecordAsync(http, "log in refused", name, null, cancel);
            return Page(http, WrongPassword, wanted, status: StatusCodes.Status401Unauthorized);
        }

        await Sessions.BeginAsync(http, user.Name, user.Role, user.Stamp, LoginWay.Password);
        await trail.RecordAsync(http, "log in", user.Name, "by password", cancel);
        return See(wanted);
    }

    private static async Task<IResult> FollowLinkAsync(
        HttpContext http, ServerOptions options, LoginLinks links, AuditTrail trail, CancellationToken cancel)
    {
        var form = await http.Request.ReadFormAsync(cancel);
        if (!options.TakesLinks || !await links.UseAsync(form["token"].ToString().Trim(), cancel))
        {
            await trail.RecordAsync(http, "log in refused", Visitor.LocalName, "by link", cancel);
            return Page(http, WrongLink, "/", status: StatusCodes.Status401Unauthorized);
        }

        await Sessions.BeginAsync(http, Visitor.LocalName, Role.Admin, stamp: null, LoginWay.Link);
        await trail.RecordAsync(http, "log in", Visitor.LocalName, "by link", cancel);
        return See("/");
    }

    private static async Task<IResult> LogOutAsync(HttpContext http, AuditTrail trail, CancellationToken cancel)
    {
        await http.SignOutAsync(Sessions.Scheme);
        await trail.RecordAsync(http, "log out", Visitor.NameOf(http.User), null, cancel);
        return See(Sessions.LoginPath);
    }

    private static IResult Me(HttpContext http) => Results.Ok(new
    {
        name = Visitor.NameOf(http.User),
        role = Visitor.RoleOf(http.User) is { } role ? RoleWords.WordOf(role) : null,
        scopes = Visitor.IsToken(http.User) ? Visitor.ScopesOf(http.User) : null,
    });

    private static IResult Script()
    {
        var script = typeof(LoginEndpoints).Assembly.GetManifestResourceStream("Sluice.Server.Auth.login.js")!;
        return Results.Stream(script, "text/javascript; charset=utf-8");
    }

    private static SeeOther See(string path) => new(path);

    private static RazorComponentResult<LoginPage> Page(
        HttpContext http, string? problem, string next, string? refreshTo = null, int status = StatusCodes.Status200OK) =>
        new(new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            [nameof(LoginPage.Problem)] = problem,
            [nameof(LoginPage.Next)] = next,
            [nameof(LoginPage.RefreshTo)] = refreshTo,
            [nameof(LoginPage.TakesLinks)] = http.RequestServices.GetRequiredService<ServerOptions>().TakesLinks,
            [nameof(LoginPage.Provider)] = http.RequestServices.GetService<OidcSettings>()?.Name,
        })
        {
            StatusCode = status,
        };
}

/// <summary>Why the identity provider's answer was not enough: words in an address, of which only these mean something.</summary>
internal static class LoginRefusal
{
    public const string NoRole = "role";
    public const string Provider = "provider";

    public static string? Sentence(string? word) => word switch
    {
        NoRole => "The identity provider knows you, but nobody has given you a role here. " +
            "An admin can: 'sluice serve user add', with your e-mail address.",
        Provider => "The login with the identity provider failed. The server's log says why.",
        _ => null,
    };
}

/// <summary>Sends a browser to a page after a form.</summary>
/// <param name="path">The page of this server.</param>
internal sealed class SeeOther(string path) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
        httpContext.Response.Headers.Location = path;
        return Task.CompletedTask;
    }
}
