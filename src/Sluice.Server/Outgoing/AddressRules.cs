using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Sluice.Server.Outgoing;

/// <summary>
/// Which addresses the server connects to when somebody has typed them into a page: none that hands out the machine's credentials, and none of its own
/// network but those that <c>--allow-private</c> names.
/// </summary>
internal sealed class AddressRules(IReadOnlyList<IPNetwork> allowedPrivate)
{
    // Never: this network, link-local with the clouds' metadata, metadata elsewhere, several receivers at once, and what is reserved.
    private static readonly IPNetwork[] Never =
    [
        .. Networks("0.0.0.0/8 169.254.0.0/16 100.100.100.200/32 168.63.129.16/32 192.0.0.192/32 224.0.0.0/4 240.0.0.0/4"),
        .. Networks("::/128 fe80::/10 fec0::/10 fd00:ec2::254/128 fd20:ce::254/128 ff00::/8"),
    ];

    private static readonly IPNetwork[] Private =
    [
        .. Networks("127.0.0.0/8 10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 100.64.0.0/10 192.0.0.0/24 198.18.0.0/15"),
        .. Networks("::1/128 fc00::/7"),
    ];

    // 64:ff9b::/96
    private static readonly byte[] Translated = [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0];

    private static readonly string[] MetadataNames =
        ["metadata", "metadata.google.internal", "metadata.goog", "instance-data", "instance-data.ec2.internal"];

    /// <summary>Whether a name is one by which a cloud hands out credentials, whatever it leads to.</summary>
    public static bool IsMetadata(string host) => MetadataNames.Contains(host.TrimEnd('.'), StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the server may connect to an address.</summary>
    public bool Allow(IPAddress address)
    {
        var plain = Plain(address);
        return !Never.Any(network => network.Contains(plain))
            && (!Private.Any(network => network.Contains(plain)) || allowedPrivate.Any(network => network.Contains(plain)));
    }

    // The address of version 4 that one of version 6 stands for: mapped, compatible, translated (64:ff9b::), or tunnelled (2002::).
    private static IPAddress Plain(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        var bytes = address.GetAddressBytes().AsSpan();
        var isEmbedded = address.IsIPv4MappedToIPv6 || IsCompatible(bytes) || bytes[..12].SequenceEqual(Translated);
        return isEmbedded ? new IPAddress(bytes[12..])
            : BinaryPrimitives.ReadUInt16BigEndian(bytes) == 0x2002 ? new IPAddress(bytes[2..6])
            : new IPAddress(bytes);
    }

    private static bool IsCompatible(ReadOnlySpan<byte> bytes) =>
        !bytes[..12].ContainsAnyExcept((byte)0) && BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]) > 1;

    private static IEnumerable<IPNetwork> Networks(string list) => list.Split(' ').Select(network => IPNetwork.Parse(network));
}
