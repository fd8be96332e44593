using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Sluice.Server.Gate;

/// <summary>What every request passes before it meets an endpoint.</summary>
internal static class GateSetup
{
    private static readonly string[] HostsOfThisMachine = ["localhost", "127.0.0.1", "[::1]"];

    // Asked by load balancers, by an address; their answer is a word.
    private static readonly string[] ForAnyHost = ["/healthz", "/readyz"];

    public static IServiceCollection AddGate(this IServiceCollection services, ServerOptions options)
    {
        services.AddAntiforgery(forms =>
        {
            forms.Cookie.Name = "sluice_forms";
            forms.Cookie.HttpOnly = true;
            forms.Cookie.SameSite = SameSiteMode.Strict;
            forms.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            forms.SuppressXFrameOptionsHeader = true;
        });
        return services
            // What can't be read is answered like everything else that is wrong.
            .Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true)
            .Configure<HostFilteringOptions>(hosts =>
            {
                hosts.AllowedHosts = [.. HostsOfThisMachine, .. Hosts(options)];
                hosts.IncludeFailureMessage = false;
            })
            .Configure<ForwardedHeadersOptions>(forwarded =>
            {
                forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
                forwarded.ForwardLimit = null;
                forwarded.KnownProxies.Clear();
                forwarded.KnownIPNetworks.Clear();
                foreach (var network in options.BehindProxy)
                {
                    forwarded.KnownIPNetworks.Add(network);
                }
            });
    }

    /// <summary>Lets Kestrel speak TLS where the address says so.</summary>
    public static void UseTls(this ConfigureWebHostBuilder host, ServerOptions options)
    {
        if (options.Listen.Scheme == Uri.UriSchemeHttps)
        {
            var file = new TlsFile(options);
            host.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.ConfigureHttpsDefaults(https =>
            {
                var log = kestrel.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger("Sluice.Server.Tls");
                https.ServerCertificate = file.Current(log).TargetCertificate;
                https.OnAuthenticate = (_, handshake) => handshake.ServerCertificateContext = file.Current(log);
            }));
        }
    }

    public static void UseGate(this WebApplication web)
    {
        if (web.Services.GetRequiredService<ServerOptions>().BehindProxy.Count > 0)
        {
            web.UseForwardedHeaders();
        }

        web.UseSecurityHeaders();
        web.UseWhen(http => !ForAnyHost.Contains(http.Request.Path.Value, StringComparer.Ordinal), app => app.UseHostFiltering());
        web.UseFailures();
        web.UseRouting();
        web.UseAuthentication();
        web.UseAuthorization();
        web.UseCrossSiteGuard();
        web.UseAntiforgery();
    }

    // A name of this server that DNS gives is only trusted when somebody has said so; an address is none that DNS gives.
    private static IEnumerable<string> Hosts(ServerOptions options) =>
        new[] { options.Listen, options.PublicUrl }.OfType<Uri>().Select(address => address.Host).Where(host => !ListenRules.IsWildcard(host));
}
