using System.Net;
using System.Net.Sockets;

namespace Sluice.Server.Gate;

/// <summary>
/// Opens connections to addresses that somebody has set. It connects to the address that it has looked at, so that a name that says something else a
/// moment later leads nowhere; addresses that machines of a cloud get their keys from are never connected to, and private ones only where they are
/// allowed.
/// </summary>
internal sealed class OutboundGuard(ServerOptions options)
{
    // fd00:ec2::/32 is where AWS answers over IPv6, fd20:ce::254 Google; 100.100.100.200, 168.63.129.16 and 192.0.0.192 are those of Alibaba, Azure
    // and Oracle.
    private static readonly IPNetwork[] Never =
    [
        .. new[]
        {
            "0.0.0.0/8", "169.254.0.0/16", "100.100.100.200/32", "168.63.129.16/32", "192.0.0.0/24", "224.0.0.0/3", "::/128", "fe80::/10",
            "fec0::/10", "fd00:ec2::/32", "fd20:ce::254/128", "ff00::/8",
        }.Select(IPNetwork.Parse),
    ];

    private static readonly IPNetwork[] Private =
        [.. new[] { "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "198.18.0.0/15", "::1/128", "fc00::/7" }
            .Select(IPNetwork.Parse)];

    // The names by which clouds hand out credentials, whatever they lead to.
    private static readonly string[] MetadataNames =
        ["metadata", "metadata.google.internal", "metadata.goog", "instance-data", "instance-data.ec2.internal"];

    private static readonly byte[] Nat64 = [0, 0x64, 0xff, 0x9b];
    private static readonly byte[] SixToFour = [0x20, 0x02];

    /// <summary>Finds the addresses of a name.</summary>
    public Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } = Dns.GetHostAddressesAsync;

    /// <summary>Connects to what is on the open internet, or in a network that is allowed.</summary>
    /// <exception cref="SocketException">It can't be reached, or must not be: then as if it had refused.</exception>
    public ValueTask<Stream> ConnectAsync(DnsEndPoint to, CancellationToken cancel) => ConnectAsync(to, mayBePrivate: false, cancel);

    /// <summary>Connects to what may be private, as mail servers usually are.</summary>
    /// <exception cref="SocketException">It can't be reached, or must not be: then as if it had refused.</exception>
    public ValueTask<Stream> ConnectWithinAsync(DnsEndPoint to, CancellationToken cancel) => ConnectAsync(to, mayBePrivate: true, cancel);

    /// <summary>Whether an address may be connected to.</summary>
    public bool Allows(IPAddress address, bool mayBePrivate)
    {
        var plain = Plain(address);
        return !Never.Any(network => network.Contains(plain))
            && (mayBePrivate || !Private.Any(network => network.Contains(plain)) || options.AllowPrivate.Any(network => network.Contains(plain)));
    }

    private async ValueTask<Stream> ConnectAsync(DnsEndPoint to, bool mayBePrivate, CancellationToken cancel)
    {
        var addresses = IPAddress.TryParse(to.Host, out var literal) ? [literal]
            : MetadataNames.Contains(to.Host.TrimEnd('.'), StringComparer.OrdinalIgnoreCase) ? []
            : await Resolve(to.Host, cancel);
        // One that must not be among several is a name made for that.
        if (addresses.Length == 0 || !Array.TrueForAll(addresses, address => Allows(address, mayBePrivate)))
        {
            throw new SocketException((int)SocketError.ConnectionRefused);
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, to.Port, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // IPv4 in the clothes of IPv6: mapped, compatible, by NAT64 or 6to4.
    private static IPAddress Plain(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        var bytes = address.GetAddressBytes();
        var isCompatible = !bytes.AsSpan(0, 12).ContainsAnyExcept((byte)0) && bytes[12] != 0;
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4()
            : isCompatible || bytes.AsSpan().StartsWith(Nat64) ? new IPAddress(bytes.AsSpan(12))
            : bytes.AsSpan().StartsWith(SixToFour) ? new IPAddress(bytes.AsSpan(2, 4))
            : address;
    }
}
