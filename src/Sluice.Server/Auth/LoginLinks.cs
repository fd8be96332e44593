using Sluice.Server.Control;

namespace Sluice.Server.Auth;

/// <summary>Links with which whoever started the server logs in, once: kept like tokens, for a few minutes.</summary>
/// <param name="tokens">Where they are kept.</param>
/// <param name="control">The control database.</param>
public sealed class LoginLinks(AccessTokens tokens, ControlDatabase control)
{
    /// <summary>How long a link is good.</summary>
    public static TimeSpan Life { get; } = TimeSpan.FromMinutes(15);

    // The scope of a link, which no token can have.
    internal const string Link = "log-in";

    /// <summary>Makes a link; its token is behind the #, which browsers send nowhere.</summary>
    public async Task<Uri> CreateAsync(Uri server, CancellationToken cancel)
    {
        var token = AccessTokens.NewToken();
        await control.ChangeAsync(
            async change =>
            {
                await change.ExecuteAsync("DELETE FROM tokens WHERE scopes = @Link AND expires_at <= @Now", new { Link, tokens.Now });
                return await tokens.InsertAsync(change, Visitor.LocalName, token, Link, Life, Visitor.LocalName);
            },
            cancel);
        return new Uri(server, $"/login#token={token}");
    }

    /// <summary>Uses a link up; whether it was good.</summary>
    internal async Task<bool> UseAsync(string token, CancellationToken cancel) => await control.ExecuteAsync(
        "DELETE FROM tokens WHERE hash = @Hash AND scopes = @Link AND expires_at > @Now",
        new { Hash = AccessTokens.HashOf(token), Link, tokens.Now },
        cancel) == 1;
}
