using System.Security.Claims;

namespace Sluice.Server.Auth;

/// <summary>Who a request is from, as claims: a user, or a token.</summary>
internal static class Visitor
{
    /// <summary>What somebody is called who has come by the link.</summary>
    public const string LocalName = "this machine";

    /// <summary>The scheme of sessions in the browser.</summary>
    public const string BySession = "session";

    /// <summary>The scheme of tokens.</summary>
    public const string ByToken = "token";

    private const string StampType = "stamp";
    private const string WayType = "way";
    private const string ScopeType = "scope";

    /// <summary>A user; what has changed of the account since then is seen by the stamp, which somebody without an account has not.</summary>
    public static ClaimsPrincipal OfUser(string name, Role role, string? stamp, string way)
    {
        Claim[] claims = [new(ClaimTypes.Role, RoleWords.WordOf(role)), new(WayType, way)];
        return Of(BySession, name, stamp is null ? claims : [.. claims, new Claim(StampType, stamp)]);
    }

    /// <summary>A token with its scopes.</summary>
    public static ClaimsPrincipal OfToken(string name, IEnumerable<string> scopes) =>
        Of(ByToken, $"token {name}", scopes.Select(scope => new Claim(ScopeType, scope)));

    /// <summary>The name for lists of who did what.</summary>
    public static string NameOf(ClaimsPrincipal user) => user.Identity?.Name ?? "nobody";

    public static bool IsToken(ClaimsPrincipal user) => user.Identity?.AuthenticationType == ByToken;

    /// <summary>How a user has logged in.</summary>
    public static string? WayOf(ClaimsPrincipal user) => user.FindFirstValue(WayType);

    public static string? StampOf(ClaimsPrincipal user) => user.FindFirstValue(StampType);

    public static IReadOnlyList<string> ScopesOf(ClaimsPrincipal user) => [.. user.FindAll(ScopeType).Select(claim => claim.Value)];

    /// <summary>The role of a user, or the one that a token's scopes amount to; null without any.</summary>
    public static Role? RoleOf(ClaimsPrincipal user) => user.Identity?.AuthenticationType switch
    {
        BySession => RoleWords.Find(user.FindFirstValue(ClaimTypes.Role)),
        ByToken => ScopesOf(user).Select(TokenScope.RoleOf).Max(),
        _ => null,
    };

    private static ClaimsPrincipal Of(string scheme, string name, IEnumerable<Claim> more)
    {
        // The forms' tokens hold for the one with this identifier.
        Claim[] claims = [new(ClaimTypes.NameIdentifier, name), new(ClaimTypes.Name, name), .. more];
        return new ClaimsPrincipal(new ClaimsIdentity(claims, scheme, ClaimTypes.Name, ClaimTypes.Role));
    }
}

/// <summary>How somebody has logged in.</summary>
internal static class LoginWay
{
    public const string Link = "link";
    public const string Password = "password";
    public const string Provider = "provider";
}
