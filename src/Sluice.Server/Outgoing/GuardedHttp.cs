using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Sluice.Server.Outgoing;

/// <summary>
/// HTTP to addresses that somebody has typed into a page. The address that a name leads to is looked at when the connection is made, so that nothing
/// can change between the look and the connection; redirects are not followed, proxies of the environment and cookies are not used.
/// </summary>
internal sealed class GuardedHttp
{
    private static readonly TimeSpan ConnectTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan WholeTime = TimeSpan.FromSeconds(30);

    private readonly AddressRules _rules;
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _resolve;

    public GuardedHttp(ServerOptions options)
        : this(new AddressRules(options.AllowPrivate), Dns.GetHostAddressesAsync)
    {
    }

    /// <param name="rules">Which addresses are allowed.</param>
    /// <param name="resolve">Finds the addresses of a name.</param>
    public GuardedHttp(AddressRules rules, Func<string, CancellationToken, Task<IPAddress[]>> resolve) => (_rules, _resolve) = (rules, resolve);

    /// <summary>Makes a client, which the caller disposes of.</summary>
    public HttpClient NewClient() => new(NewHandler()) { Timeout = WholeTime };

    /// <summary>Makes a handler, for clients of others.</summary>
    public SocketsHttpHandler NewHandler() => new()
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        ConnectTimeout = ConnectTime,
        PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        ConnectCallback = (context, cancel) => ConnectAsync(context.DnsEndPoint, cancel),
    };

    /// <summary>
    /// What came in the way, for whoever typed the address; never what the other side has answered, by which somebody could look around in a network.
    /// </summary>
    public static string Describe(Exception error) => error switch
    {
        AddressRefusedException => "The server may not connect to this address.",
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } => "There is no such name.",
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => "The connection was refused.",
        AuthenticationException => "No encrypted connection could be made: the certificate or the protocol is wrong.",
        OperationCanceledException or TimeoutException => "There was no answer in time.",
        { InnerException: { } inner } => Describe(inner),
        _ => "The connection failed.",
    };

    private async ValueTask<Stream> ConnectAsync(DnsEndPoint to, CancellationToken cancel)
    {
        var found = AddressRules.IsMetadata(to.Host) ? []
            : IPAddress.TryParse(to.Host, out var address) ? [address]
            : await _resolve(to.Host, cancel);
        // One that is refused among them is a trick, or a mistake that should be seen.
        if (found.Length == 0 || !Array.TrueForAll(found, _rules.Allow))
        {
            throw new AddressRefusedException();
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(found, to.Port, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>The server may not connect to an address.</summary>
internal sealed class AddressRefusedException() : IOException("The server may not connect to this address.");
