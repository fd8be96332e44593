using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Sluice.Engine;

namespace Sluice.Server;

/// <summary>
/// The socket that systemd listens on and hands over, when a unit of it starts the server: it stays open over a restart, so that who connects
/// meanwhile waits for a moment and is not refused.
/// </summary>
internal static class InheritedSocket
{
    private const int First = 3;

    /// <summary>Where the socket that was handed over listens; null when there is none.</summary>
    public static Uri? Address => IsThere ? Of(First) : null;

    private static bool IsThere => !OperatingSystem.IsWindows()
        && Environment.GetEnvironmentVariable("LISTEN_PID") == Environment.ProcessId.ToString(CultureInfo.InvariantCulture)
        && Environment.GetEnvironmentVariable("LISTEN_FDS") is "1";

    /// <summary>Refuses a socket that listens elsewhere than the server was told to: that is what was checked.</summary>
    /// <exception cref="SluiceException">It does (kind Config).</exception>
    public static void Check(ServerOptions options)
    {
        if (Address is not null && options.Listen.Scheme == Uri.UriSchemeHttps)
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                "The socket that systemd hands over is served without encryption, and the server was to listen with it.",
                "Put a proxy with TLS before it and name the proxy's network in --behind-proxy, or start the server without sluice.socket.");
        }

        if (Address is { } address && (address.Port != options.Listen.Port || Host(address) != Host(options.Listen)))
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                $"systemd listens on {address.Authority}, and the server was to listen on {options.Listen.Authority}.",
                $"Write the same into both units: ListenStream= in sluice.socket, and --listen http://{address.Authority} in sluice.service.");
        }
    }

    private static Uri? Of(int descriptor)
    {
        using var socket = new Socket(new SafeSocketHandle(descriptor, ownsHandle: false));
        return socket.LocalEndPoint is IPEndPoint point ? new Uri($"http://{point}") : null;
    }

    private static string Host(Uri address) => address.Host == "localhost" ? IPAddress.Loopback.ToString() : address.Host;
}
