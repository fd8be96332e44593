using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Sluice.Server.Auth;

/// <summary>
/// Logging in with an identity provider by OpenID Connect: the code flow with PKCE. The role comes from a claim, or from the account whose name is the
/// e-mail address that the provider has verified; whoever has none is refused.
/// </summary>
internal static class OidcLogin
{
    public const string Path = "/login/oidc";
    public const string Scheme = "oidc";

    private const string CallbackPath = "/login/oidc/callback";

    public static AuthenticationBuilder AddOidc(this AuthenticationBuilder authentication, OidcSettings? settings, ServerOptions server) =>
        settings is null ? authentication : authentication.AddOpenIdConnect(Scheme, oidc =>
        {
            oidc.Authority = settings.Authority.ToString();
            oidc.RequireHttpsMetadata = !settings.Authority.IsLoopback;
            oidc.ClientId = settings.ClientId;
            oidc.ClientSecret = settings.ClientSecret;
            oidc.CallbackPath = CallbackPath;
            oidc.SignInScheme = Sessions.Scheme;
            (oidc.ResponseType, oidc.ResponseMode) = (OpenIdConnectResponseType.Code, OpenIdConnectResponseMode.Query);
            (oidc.UsePkce, oidc.SaveTokens, oidc.MapInboundClaims, oidc.GetClaimsFromUserInfoEndpoint) = (true, false, false, true);
            oidc.Scope.Add("email");
            Array.ForEach(["email", "email_verified", settings.RoleClaim], claim => oidc.ClaimActions.MapJsonKey(claim, claim));
            // They come back with a navigation that the provider begins.
            (oidc.CorrelationCookie.SameSite, oidc.NonceCookie.SameSite) = (SameSiteMode.Lax, SameSiteMode.Lax);
            (oidc.CorrelationCookie.SecurePolicy, oidc.NonceCookie.SecurePolicy) = (CookieSecurePolicy.SameAsRequest, CookieSecurePolicy.SameAsRequest);
            oidc.Events.OnRedirectToIdentityProvider = context =>
            {
                if (server.PublicUrl is { } address)
                {
                    context.ProtocolMessage.RedirectUri = new Uri(address, CallbackPath).ToString();
                }

                return Task.CompletedTask;
            };
            oidc.Events.OnTicketReceived = context => TakeAsync(context, settings);
            oidc.Events.OnRemoteFailure = RefuseAsync;
        });

    public static void MapOidc(this IEndpointRouteBuilder routes) => routes
        .MapGet(Path, (string? next) => Results.Challenge(new AuthenticationProperties { RedirectUri = Sessions.Wanted(next) }, [Scheme]))
        .AllowAnonymous();

    private static async Task TakeAsync(TicketReceivedContext context, OidcSettings settings)
    {
        var (http, person) = (context.HttpContext, context.Principal!);
        var trail = http.RequestServices.GetRequiredService<AuditTrail>();
        var email = person.FindFirstValue("email_verified")?.Equals("true", StringComparison.OrdinalIgnoreCase) == true
            ? person.FindFirstValue("email")
            : null;
        var account = email is null ? null : await http.RequestServices.GetRequiredService<UserAccounts>().FindAsync(email, http.RequestAborted);
        var name = account?.Name ?? email ?? person.FindFirstValue("preferred_username") ?? person.FindFirstValue("sub") ?? "somebody";
        if ((account?.Role ?? settings.RoleOf(person)) is not { } role)
        {
            await trail.RecordAsync(http, "log in refused", name, $"by {settings.Name}: no role", http.RequestAborted);
            Refuse(context.Response, context.HandleResponse, LoginRefusal.NoRole);
            return;
        }

        context.Principal = Visitor.OfUser(name, role, account?.Stamp, LoginWay.Provider);
        // What the provider has said of somebody does not get newer: they come back when the time is over.
        context.Properties!.AllowRefresh = account is not null;
        await trail.RecordAsync(http, "log in", name, $"by {settings.Name} as {RoleWords.WordOf(role)}", http.RequestAborted);
    }

    private static Task RefuseAsync(RemoteFailureContext context)
    {
        context.HttpContext.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("Sluice.Server.Oidc")
            .LogWarning("A login with the identity provider failed: {Error}", context.Failure?.Message);
        Refuse(context.Response, context.HandleResponse, LoginRefusal.Provider);
        return Task.CompletedTask;
    }

    private static void Refuse(HttpResponse response, Action handled, string why)
    {
        response.StatusCode = StatusCodes.Status303SeeOther;
        response.Headers.Location = Sessions.LoginPath + QueryString.Create("refused", why);
        handled();
    }
}
