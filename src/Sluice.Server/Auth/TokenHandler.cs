using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Sluice.Server.Auth;

/// <summary>Reads <c>Authorization: Bearer sluice_…</c>.</summary>
internal sealed class TokenHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, AccessTokens tokens)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    /// <summary>What to do without one.</summary>
    public const string Advice = "'sluice serve token create' makes one.";

    private const string Word = "Bearer ";

    /// <summary>Whether a request names a token, so that its session does not count.</summary>
    public static bool IsMeantBy(HttpRequest request) => request.Headers.Authorization.Count > 0;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Word, StringComparison.OrdinalIgnoreCase))
        {
            return AuthenticateResult.Fail("No bearer token.");
        }

        return await tokens.FindAsync(header[Word.Length..].Trim(), Context.RequestAborted) is { } token
            ? AuthenticateResult.Success(new AuthenticationTicket(Visitor.OfToken(token.Name, token.Scopes), Scheme.Name))
            : AuthenticateResult.Fail("Unknown or expired.");
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
        return Refusal.WriteAsync(
            Context, StatusCodes.Status401Unauthorized, "The token is unknown, revoked or expired.", Advice);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => Refusal.ForbidAsync(Context);
}
