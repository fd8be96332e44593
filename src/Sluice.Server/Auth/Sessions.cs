using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Sluice.Server.Auth;

/// <summary>Sessions in the browser: a cookie that scripts can't read and that other sites' requests do not carry.</summary>
internal static class Sessions
{
    public const string Scheme = Visitor.BySession;
    public const string LoginPath = "/login";

    private static readonly TimeSpan Life = TimeSpan.FromHours(12);

    public static void Configure(CookieAuthenticationOptions cookies)
    {
        cookies.Cookie.Name = "sluice_session";
        cookies.Cookie.HttpOnly = true;
        cookies.Cookie.SameSite = SameSiteMode.Strict;
        cookies.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        cookies.ExpireTimeSpan = Life;
        cookies.SlidingExpiration = true;
        cookies.Events = new CookieAuthenticationEvents
        {
            OnValidatePrincipal = ValidateAsync,
            OnRedirectToLogin = context => AskToLogInAsync(context.HttpContext),
            OnRedirectToAccessDenied = context => Refusal.ForbidAsync(context.HttpContext),
        };
    }

    public static Task BeginAsync(HttpContext http, string name, Role role, string? stamp, string way) =>
        http.SignInAsync(Scheme, Visitor.OfUser(name, role, stamp, way));

    /// <summary>A path of this server that somebody wanted to see, or the first page: never an address elsewhere.</summary>
    public static string Wanted(string? path) =>
        path is ['/', ..] && !path.StartsWith("//", StringComparison.Ordinal) && !path.Contains('\\', StringComparison.Ordinal)
            && !path.Any(char.IsControl) ? path : "/";

    // A session ends when the account is gone, or has another role or password.
    private static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var services = context.HttpContext.RequestServices;
        var user = context.Principal!;
        var isGood = Visitor.StampOf(user) is { } stamp
            ? await services.GetRequiredService<UserAccounts>().FindAsync(Visitor.NameOf(user), context.HttpContext.RequestAborted) is { } account
                && account.Stamp == stamp
            : Visitor.WayOf(user) switch
            {
                LoginWay.Link => services.GetRequiredService<ServerOptions>().TakesLinks,
                LoginWay.Provider => services.GetService<OidcSettings>() is not null,
                _ => false,
            };
        if (!isGood)
        {
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync(Scheme);
        }
    }

    private static Task AskToLogInAsync(HttpContext http)
    {
        if (!Refusal.IsForPage(http.Request))
        {
            http.Response.Headers.WWWAuthenticate = "Bearer";
            return Refusal.WriteAsync(
                http, StatusCodes.Status401Unauthorized, "This needs a token or a session.", "Send Authorization: Bearer sluice_….");
        }

        var isRead = HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method);
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = isRead && http.Request.Path != "/"
            ? LoginPath + QueryString.Create("next", http.Request.Path + http.Request.QueryString)
            : LoginPath;
        return Task.CompletedTask;
    }
}
