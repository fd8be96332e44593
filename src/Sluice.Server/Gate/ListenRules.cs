using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Sluice.Engine;
using Sluice.Server.Auth;

namespace Sluice.Server.Gate;

/// <summary>Where a server may listen: on this machine as it is; elsewhere only with encryption and somebody who can log in.</summary>
internal static class ListenRules
{
    /// <summary>Whether only this machine reaches an address.</summary>
    public static bool IsThisMachine(Uri listen) =>
        listen.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(listen.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    /// <summary>Whether a host stands for all addresses of the machine.</summary>
    public static bool IsWildcard(string host) =>
        host is "*" or "+"
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)));

    /// <summary>Refuses to start in the open.</summary>
    /// <exception cref="SluiceException">Something is missing; the hint says what to do (kind Config).</exception>
    public static async Task CheckAsync(ServerOptions options, IServiceProvider parts, CancellationToken cancel)
    {
        if (!options.IsReachedFromElsewhere)
        {
            return;
        }

        var where = options.Listen.GetLeftPart(UriPartial.Authority);
        if (options.BehindProxy.Count == 0 && options.Listen.Scheme != Uri.UriSchemeHttps)
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                $"{where} would be reached from other machines, and passwords would go there unencrypted.",
                "Put a proxy with TLS before it and name the proxy's network, as in --behind-proxy 10.0.0.0/8; or listen on https://… with " +
                    "--tls-certificate and --tls-key; or on this machine alone, as in --listen http://127.0.0.1:4780.");
        }

        if (options.PublicUrl is null)
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                "Requests for any name would be taken, for nobody has said what this server is called.",
                "Give the address that people type, as in --public-url https://sluice.example.com.");
        }

        if (parts.GetService<OidcSettings>() is null && !await parts.GetRequiredService<UserAccounts>().AnyWithPasswordAsync(cancel))
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                "Nobody could log in: there is no user with a password, and no identity provider.",
                "'sluice serve user add NAME --role admin' adds one and asks for the password; SLUICE_OIDC_AUTHORITY names a provider.");
        }
    }
}
