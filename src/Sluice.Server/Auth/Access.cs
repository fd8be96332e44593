using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Sluice.Server.Auth;

/// <summary>
/// Who may use an endpoint: every endpoint names one of these, as in <c>.RequireAuthorization(Access.Operator)</c>, or AllowAnonymous. One that names
/// none is refused to everybody.
/// </summary>
public static class Access
{
    /// <summary>For all users, and tokens with the scope read.</summary>
    public const string Reader = "reader";

    /// <summary>For operators, and tokens with the scope run.</summary>
    public const string Operator = "operator";

    /// <summary>For admins, and tokens with the scope admin.</summary>
    public const string Admin = "admin";

    /// <summary>For SQL: operators, and tokens with the scope query.</summary>
    public const string Query = "query";

    /// <summary>For agents: tokens with the scope query, and no session.</summary>
    public const string Agent = "agent";

    /// <summary>For figures: whoever asks from this machine, all users, and tokens with the scope read.</summary>
    public const string Metrics = "metrics";

    internal static IServiceCollection AddAccess(this IServiceCollection services)
    {
        services.AddAuthorizationBuilder()
            .AddPolicy(Reader, policy => policy.RequireAssertion(context => IsAtLeast(context.User, Role.Reader)))
            .AddPolicy(Operator, policy => policy.RequireAssertion(context => IsAtLeast(context.User, Role.Operator)))
            .AddPolicy(Admin, policy => policy.RequireAssertion(context => IsAtLeast(context.User, Role.Admin)))
            .AddPolicy(Query, policy => policy.RequireAssertion(context => MayQuery(context.User)))
            .AddPolicy(Agent, policy => policy.RequireAssertion(context => Visitor.IsToken(context.User) && MayQuery(context.User)))
            .AddPolicy(Metrics, policy => policy.RequireAssertion(context =>
                IsAtLeast(context.User, Role.Reader) || (context.Resource is HttpContext http && IsFromHere(http))))
            // An address without an endpoint is not there, which only those hear who have logged in.
            .SetFallbackPolicy(new AuthorizationPolicyBuilder()
                .RequireAuthenticatedUser()
                .RequireAssertion(context => context.Resource is HttpContext http && http.GetEndpoint() is null)
                .Build());
        return services;
    }

    private static bool IsAtLeast(ClaimsPrincipal user, Role role) => Visitor.RoleOf(user) >= role;

    private static bool MayQuery(ClaimsPrincipal user) =>
        Visitor.IsToken(user) ? Visitor.ScopesOf(user).Contains(TokenScope.Query) : IsAtLeast(user, Role.Operator);

    private static bool IsFromHere(HttpContext http) => http.Connection.RemoteIpAddress is { } address && System.Net.IPAddress.IsLoopback(address);
}
