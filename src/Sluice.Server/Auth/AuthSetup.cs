using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;

namespace Sluice.Server.Auth;

/// <summary>What logging in is made of.</summary>
internal static class AuthSetup
{
    // Chooses between the two: a request that names a token is not looked at for a session.
    private const string Either = "session or token";

    public static IServiceCollection AddAuth(this IServiceCollection services, ServerOptions options)
    {
        var provider = OidcSettings.Read(options.Variables);
        services.AddRazorComponents();
        services.AddAuthentication(Either)
            .AddPolicyScheme(Either, null, choice => choice.ForwardDefaultSelector =
                http => TokenHandler.IsMeantBy(http.Request) ? Visitor.ByToken : Sessions.Scheme)
            .AddCookie(Sessions.Scheme, Sessions.Configure)
            .AddScheme<AuthenticationSchemeOptions, TokenHandler>(Visitor.ByToken, null)
            .AddOidc(provider, options);
        if (provider is not null)
        {
            services.AddSingleton(provider);
        }

        return services
            .AddAccess()
            .AddSingleton<UserAccounts>()
            .AddSingleton<AccessTokens>()
            .AddSingleton<LoginLinks>()
            .AddSingleton<LoginAttempts>()
            .AddSingleton<AuditTrail>();
    }
}
